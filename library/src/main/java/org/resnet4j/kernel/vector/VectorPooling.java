package org.resnet4j.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PoolingKernel;
import org.resnet4j.kernel.plain.ScalarPooling;
import org.resnet4j.kernel.product.ReadAhead;
import org.resnet4j.parallel.Workers;

/**
 * Max pooling, one vector of channels at a time. Averages and subsampling are limited by memory and use plain loops.
 */
final class VectorPooling implements PoolingKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** The class of all vectors; those that a loop changes are cast to it, because their own is lost in a loop. */
    private static final Class<? extends FloatVector> TYPE =
            FloatVector.zero(SPECIES).getClass();

    private final ScalarPooling plain = new ScalarPooling();

    @Override
    public void maxForward(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int channels = s.inChannels();
        int rowFloats = s.width() * channels;
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int image = piece / s.outHeight() * s.height() * rowFloats;
            var first = PoolingWindow.of(s, piece % s.outHeight(), 0);
            ReadAhead.read(x, image + first.firstRow() * rowFloats, image + first.endRow() * rowFloats, scratch);
            for (int ox = 0; ox < s.outWidth(); ox++) {
                var window = PoolingWindow.of(s, piece % s.outHeight(), ox);
                int out = (piece * s.outWidth() + ox) * channels;
                int c = 0;
                for (; c + LANES <= channels; c += LANES) {
                    var largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
                    for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                        for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                            int in = image + iy * rowFloats + ix * channels + c;
                            largest = TYPE.cast(largest).max(FloatVector.fromArray(SPECIES, x, in));
                        }
                    }
                    TYPE.cast(largest).intoArray(y, out + c);
                }
                for (; c < channels; c++) {
                    float largest = Float.NEGATIVE_INFINITY;
                    for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                        for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                            largest = Math.max(largest, x[image + iy * rowFloats + ix * channels + c]);
                        }
                    }
                    y[out + c] = largest;
                }
            }
        });
    }

    @Override
    public void maxBackward(ConvolutionShape s, float[] x, float[] y, float[] dy, float[] dx, Workers workers) {
        int channels = s.inChannels();
        int rowFloats = s.width() * channels;
        int imageFloats = s.height() * rowFloats;
        var gradient = new MaxGradient(rowFloats, channels, x, y, dy, dx);
        workers.run(s.batch(), (n, scratch) -> {
            int image = n * imageFloats;
            int cleared = 0;
            for (int oy = 0; oy < s.outHeight(); oy++) {
                var rows = PoolingWindow.of(s, oy, 0);
                // immediately before use, so that they are in the cache
                int clearTo = Math.max(cleared, rows.endRow());
                Arrays.fill(dx, image + cleared * rowFloats, image + clearTo * rowFloats, 0f);
                cleared = clearTo;
                ReadAhead.read(x, image + rows.firstRow() * rowFloats, image + rows.endRow() * rowFloats, scratch);
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    var window = PoolingWindow.of(s, oy, ox);
                    int out = ((n * s.outHeight() + oy) * s.outWidth() + ox) * channels;
                    int c = 0;
                    for (; c + LANES <= channels; c += LANES) {
                        gradient.toFirstMaximum(window, image + c, out + c);
                    }
                    for (; c < channels; c++) {
                        gradient.toFirstMaximumOfChannel(window, image + c, out + c);
                    }
                }
            }
            Arrays.fill(dx, image + cleared * rowFloats, image + imageFloats, 0f);
        });
    }

    /** The input gradient of a max pooling. */
    private record MaxGradient(int rowFloats, int channels, float[] x, float[] y, float[] dy, float[] dx) {
        /** Adds the gradient of each lane at the first position of the lane's maximum. */
        void toFirstMaximum(PoolingWindow window, int at, int out) {
            var largest = FloatVector.fromArray(SPECIES, y, out);
            var gradient = FloatVector.fromArray(SPECIES, dy, out);
            for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                    int in = at + iy * rowFloats + ix * channels;
                    // A lane whose maximum was found compares with NaN from then on, which equals nothing.
                    VectorMask<Float> found =
                            FloatVector.fromArray(SPECIES, x, in).compare(VectorOperators.EQ, largest);
                    FloatVector.fromArray(SPECIES, dx, in).add(gradient, found).intoArray(dx, in);
                    largest = TYPE.cast(largest).blend(Float.NaN, found);
                }
            }
        }

        void toFirstMaximumOfChannel(PoolingWindow window, int at, int out) {
            for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                    int in = at + iy * rowFloats + ix * channels;
                    if (x[in] == y[out]) {
                        dx[in] += dy[out];
                        return;
                    }
                }
            }
        }
    }

    @Override
    public void averageForward(int batch, int pixels, int channels, float[] x, float[] y, Workers workers) {
        plain.averageForward(batch, pixels, channels, x, y, workers);
    }

    @Override
    public void averageBackward(int batch, int pixels, int channels, float[] dy, float[] dx, Workers workers) {
        plain.averageBackward(batch, pixels, channels, dy, dx, workers);
    }

    @Override
    public void cellsForward(ConvolutionShape shape, float[] x, float[] y, Workers workers) {
        plain.cellsForward(shape, x, y, workers);
    }

    @Override
    public void cellsBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers) {
        plain.cellsBackward(shape, dy, dx, workers);
    }

    @Override
    public void subsample(ConvolutionShape shape, float[] x, float[] y, Workers workers) {
        plain.subsample(shape, x, y, workers);
    }

    @Override
    public void subsampleBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers) {
        plain.subsampleBackward(shape, dy, dx, workers);
    }
}
