package org.resnet4j.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;

/**
 * Values weighted by gates. Either each channel of each image has a gate: {@code y = activation(x · g + s)} over
 * {@code x [images, pixels, channels]} with {@code g [images, channels]}. Or each element has a gate: {@link #mix}.
 *
 * <p>Plain loops, because these operations are limited by memory.
 */
public final class GateKernel {
    /** The extents of {@code [images, pixels, channels]}. */
    public record Extents(int images, int pixels, int channels) {}

    /**
     * The operands of a weighted sum.
     *
     * @param f the branch
     * @param s the shortcut
     * @param gates g, one for each element
     * @param both true if f is weighted as well
     */
    public record Mix(float[] f, float[] s, float[] gates, boolean both) {}

    /** Pixels of a piece. An image is cut so that a single image also has work for all threads. */
    private static final int PIXELS = 64;

    /**
     * Computes {@code y}.
     *
     * @param residual s, or null for zero
     * @param activation follows the sum
     */
    public void forward(
            Extents extents,
            float[] x,
            float[] gates,
            float @Nullable [] residual,
            Activation activation,
            float[] y,
            Workers workers) {
        int images = extents.images();
        int pixels = extents.pixels();
        int channels = extents.channels();
        int parts = Math.ceilDiv(pixels, PIXELS);
        float least = activation.isRelu() ? 0f : Float.NEGATIVE_INFINITY;
        workers.run(images * parts, (piece, scratch) -> {
            int image = piece / parts;
            int end = Math.min(pixels, (piece % parts + 1) * PIXELS);
            for (int pixel = piece % parts * PIXELS; pixel < end; pixel++) {
                int at = (image * pixels + pixel) * channels;
                if (residual == null) {
                    weigh(channels, x, at, gates, image * channels, least, y);
                } else {
                    weighAndAdd(channels, x, at, gates, image * channels, residual, least, y);
                }
            }
        });
    }

    private static void weigh(int channels, float[] x, int at, float[] gates, int gate, float least, float[] y) {
        for (int c = 0; c < channels; c++) {
            y[at + c] = Math.max(least, x[at + c] * gates[gate + c]);
        }
    }

    private static void weighAndAdd(
            int channels, float[] x, int at, float[] gates, int gate, float[] residual, float least, float[] y) {
        for (int c = 0; c < channels; c++) {
            y[at + c] = Math.max(least, x[at + c] * gates[gate + c] + residual[at + c]);
        }
    }

    /**
     * Computes the gradient of the gates: the sums of {@code x · d} over the pixels, with {@code d = dy where y > 0,
     * else 0}.
     *
     * @param y the result; null if no ReLU followed, so that d is dy
     * @param dy becomes d, the gradient of the residual
     */
    public void backwardGates(
            Extents extents, float[] x, float @Nullable [] y, float[] dy, float[] dGates, Workers workers) {
        int images = extents.images();
        int pixels = extents.pixels();
        int channels = extents.channels();
        workers.run(images, (image, scratch) -> {
            int gate = image * channels;
            Arrays.fill(dGates, gate, gate + channels, 0f);
            for (int pixel = 0; pixel < pixels; pixel++) {
                int at = (image * pixels + pixel) * channels;
                if (y != null) {
                    closeWhereZero(channels, y, dy, at);
                }
                for (int c = 0; c < channels; c++) {
                    dGates[gate + c] += dy[at + c] * x[at + c];
                }
            }
        });
    }

    private static void closeWhereZero(int channels, float[] y, float[] dy, int at) {
        for (int c = 0; c < channels; c++) {
            dy[at + c] = y[at + c] > 0 ? dy[at + c] : 0f;
        }
    }

    /** Computes {@code x[image, i] *= factors[image]} in place, over {@code x [images, size]}. */
    public void scale(int images, int size, float[] factors, float[] x, Workers workers) {
        workers.run(images, (image, scratch) -> {
            float factor = factors[image];
            for (int i = image * size; i < (image + 1) * size; i++) {
                x[i] *= factor;
            }
        });
    }

    /**
     * Computes {@code dx = d · g + dMeans / pixels}: the gradient through the gates, and through the means from which
     * the gates are computed.
     *
     * @param d the gradient that {@link #backwardGates} computed
     * @param dMeans the gradient of the means, {@code [images, channels]}
     */
    public void backwardData(Extents extents, float[] d, float[] gates, float[] dMeans, float[] dx, Workers workers) {
        int images = extents.images();
        int pixels = extents.pixels();
        int channels = extents.channels();
        float share = 1f / pixels;
        workers.run(images, (image, scratch) -> {
            int gate = image * channels;
            for (int pixel = 0; pixel < pixels; pixel++) {
                int at = (image * pixels + pixel) * channels;
                for (int c = 0; c < channels; c++) {
                    dx[at + c] = d[at + c] * gates[gate + c] + dMeans[gate + c] * share;
                }
            }
        });
    }

    /**
     * Computes {@code y = g · f + (1 − g) · s}, or {@code y = f + (1 − g) · s}, with a gate for each element.
     *
     * @param y may be f or s
     */
    public void mix(int size, Mix mix, float[] y, Workers workers) {
        float[] f = mix.f();
        float[] s = mix.s();
        float[] gates = mix.gates();
        boolean both = mix.both();
        ElementChunks.run(size, workers, (from, to) -> {
            if (both) {
                for (int i = from; i < to; i++) {
                    y[i] = gates[i] * f[i] + (1 - gates[i]) * s[i];
                }
            } else {
                for (int i = from; i < to; i++) {
                    y[i] = f[i] + (1 - gates[i]) * s[i];
                }
            }
        });
    }

    /**
     * Computes the gradients of {@link #mix} for gates {@code g = sigmoid(z)}.
     *
     * @param d the gradient of y; becomes that of s
     * @param df the gradient of f
     * @param dz the gradient of z; may be the gates
     */
    public void mixBackward(int size, Mix mix, float[] d, float[] df, float[] dz, Workers workers) {
        float[] f = mix.f();
        float[] s = mix.s();
        float[] gates = mix.gates();
        boolean both = mix.both();
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                float gate = gates[i];
                df[i] = both ? gate * d[i] : d[i];
                dz[i] = d[i] * (both ? f[i] - s[i] : -s[i]) * gate * (1 - gate);
                d[i] *= 1 - gate;
            }
        });
    }

    /** Computes {@code x = 1 / (1 + exp(−x))} in place. */
    public void sigmoid(int size, float[] x, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            for (int i = from; i < to; i++) {
                x[i] = (float) (1 / (1 + Math.exp(-x[i])));
            }
        });
    }

    /**
     * Computes {@code dg = dg · g · (1 − g)} in place: the gradient of a sigmoid's result becomes that of its argument.
     */
    public void sigmoidBackward(int size, float[] gates, float[] dGates) {
        for (int i = 0; i < size; i++) {
            dGates[i] *= gates[i] * (1 - gates[i]);
        }
    }
}
