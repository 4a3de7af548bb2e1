package org.resnet4j.kernel.product;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Direct convolution with packed weights, as a matrix product whose rows are the windows of a band of the image, read
 * in place (see {@code VectorConvolution}).
 *
 * @param panels the panels of a group's output channels
 * @param packed the weights of each group, {@code [kernelHeight · kernelWidth · inChannels / groups]} rows
 * @param bias the bias of each group, with as many numbers as its panels have columns; null for none
 * @param activation follows the sum of product and bias
 */
public record DirectConvolution(Panels panels, float[] packed, float @Nullable [] bias, Activation activation)
        implements PackedConvolution {
    private static final Scratch.Ints ROWS = new Scratch.Ints();
    private static final Scratch.Ints OUTS = new Scratch.Ints();

    /** Enough pieces for each thread that all finish together. */
    private static final int PIECES_PER_THREAD = 4;

    /**
     * Packs weights.
     *
     * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     */
    public static DirectConvolution of(
            ConvolutionShape s, float[] w, float[] bias, Activation activation, Panels panels) {
        int depth = depth(s);
        int groupOut = s.outChannels() / s.groups();
        var packed = new float[s.groups() * panels.packedSize(depth)];
        var packedBias = new float[s.groups() * panels.packedSize(1)];
        for (int group = 0; group < s.groups(); group++) {
            pack(s, panels, group, 0, depth, w, packed);
            System.arraycopy(bias, group * groupOut, packedBias, group * panels.packedSize(1), groupOut);
        }
        return new DirectConvolution(panels, packed, packedBias, activation);
    }

    /** Returns the {@link #bytes} of a convolution before its weights are packed. */
    public static long bytes(ConvolutionShape s, Panels panels) {
        return (long) Float.BYTES * s.groups() * (panels.packedSize(depth(s)) + panels.packedSize(1));
    }

    /** Returns the number of rows of one group's weights. */
    public static int depth(ConvolutionShape s) {
        return s.kernelHeight() * s.kernelWidth() * (s.inChannels() / s.groups());
    }

    /** Packs rows {@code from} to {@code to - 1} of the weights of one group. */
    public static void pack(ConvolutionShape s, Panels panels, int group, int from, int to, float[] w, float[] packed) {
        int depth = depth(s);
        int groupOut = s.outChannels() / s.groups();
        panels.pack(w, group * groupOut, s.outChannels(), from, to, depth, packed, group * panels.packedSize(depth));
    }

    /**
     * Returns the number of shares into which the panels are divided for enough pieces; results do not depend on it.
     */
    public static int shares(int pieces, int panels, Workers workers) {
        int wanted = workers.threads() == 1 ? 1 : PIECES_PER_THREAD * workers.threads();
        return Math.min(panels, Math.ceilDiv(wanted, pieces));
    }

    @Override
    public String algorithm() {
        return "direct";
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (packed.length + (bias == null ? 0 : bias.length));
    }

    @Override
    public void run(ConvolutionShape s, float[] x, float[] y, Accumulation accumulation, Workers workers) {
        int groupOut = s.outChannels() / s.groups();
        int groupPacked = panels.packedSize(depth(s));
        var window = InputWindow.of(s, Math.ceilDiv(workers.threads(), panels.count() * s.groups()));
        Bands bands = window.bands();
        var epilogue = new Epilogue(accumulation.adds(), bias, 0, activation.isRelu());
        int parts = bands.count() * s.groups();
        int shares = shares(parts, panels.count(), workers);
        workers.run(parts * shares, (piece, scratch) -> {
            int share = piece % shares;
            int band = piece / shares / s.groups();
            int group = piece / shares % s.groups();
            float[] a = window.read(band, group, x, scratch);
            int[] rows = scratch.get(ROWS, window.mostRows());
            int count = window.rows(band, rows);
            int[] outs = scratch.get(OUTS, window.mostRows());
            int first = (bands.firstImage(band) * s.outHeight() + bands.firstRow(band)) * s.outWidth();
            for (int i = 0; i < count; i++) {
                outs[i] = (first + i) * s.outChannels();
            }
            if (window.isInPlace()) {
                ReadAhead.rows(a, rows, count, window.tapLength(), scratch);
            }
            Product.fillBeyond(rows, count);
            Product.fillBeyond(outs, count);
            Product.multiply(
                    new Windows(a, rows, count, 0, s.kernelHeight(), window.tapStride(), window.tapLength()),
                    new PackedColumns(
                            panels,
                            share * panels.count() / shares,
                            (share + 1) * panels.count() / shares,
                            packed,
                            group * groupPacked),
                    new Results(y, outs, group * groupOut),
                    epilogue.from(group * panels.packedSize(1)),
                    scratch);
        });
    }
}
