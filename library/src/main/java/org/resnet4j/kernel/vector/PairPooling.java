package org.resnet4j.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PoolingKernel;
import org.resnet4j.kernel.product.ReadAhead;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Pooling of feature maps in bfloat16, one vector of channels at a time. */
final class PairPooling implements PoolingKernel {
    private static final VectorSpecies<Float> SPECIES = VectorPairs.SPECIES;
    private static final int LANES = VectorPairs.LANES;

    /** The class of all vectors; those that a loop changes are cast to it, because their own is lost in a loop. */
    private static final Class<? extends FloatVector> TYPE =
            FloatVector.zero(SPECIES).getClass();

    /** As many bfloat16 numbers as a vector holds: those of twice as many channels. */
    private static final VectorSpecies<Short> SHORTS = SPECIES.withLanes(short.class);

    /** The rows of an input gradient to which windows still add. */
    private static final Scratch.Floats ROWS = new Scratch.Floats();

    @Override
    public void maxForward(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int channels = s.inChannels();
        int rowLength = s.width() * channels;
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int image = piece / s.outHeight() * s.height() * rowLength;
            var first = PoolingWindow.of(s, piece % s.outHeight(), 0);
            int from = image + first.firstRow() * rowLength;
            int to = image + first.endRow() * rowLength;
            ReadAhead.read(x, BFloat16Pairs.floats(from), BFloat16Pairs.floats(to), scratch);
            for (int ox = 0; ox < s.outWidth(); ox++) {
                var window = PoolingWindow.of(s, piece % s.outHeight(), ox);
                int out = (piece * s.outWidth() + ox) * channels;
                for (int c = 0; c < channels; c += 2 * LANES) {
                    VectorMask<Float> pairs = SPECIES.indexInRange(c >> 1, channels >> 1);
                    var largest = ShortVector.broadcast(SHORTS, Short.MIN_VALUE);
                    for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                        for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                            int in = image + iy * rowLength + ix * channels + c;
                            var numbers = FloatVector.fromArray(SPECIES, x, in >> 1, pairs)
                                    .reinterpretAsShorts();
                            largest = largest.max(VectorBFloat16.rank(numbers));
                        }
                    }
                    VectorBFloat16.ofRank(largest).reinterpretAsFloats().intoArray(y, out + c >> 1, pairs);
                }
            }
        });
    }

    @Override
    public void maxBackward(ConvolutionShape s, float[] x, float[] y, float[] dy, float[] dx, Workers workers) {
        int channels = s.inChannels();
        int rowLength = s.width() * channels;
        workers.run(s.batch(), (n, scratch) -> {
            var rows = new GradientRows(s.kernelHeight(), rowLength, scratch, dx, n * s.height() * rowLength);
            var gradient = new MaxGradient(s, n * s.height() * rowLength, x, y, dy, rows);
            for (int oy = 0; oy < s.outHeight(); oy++) {
                var first = PoolingWindow.of(s, oy, 0);
                rows.advance(first.firstRow(), first.endRow());
                for (int ox = 0; ox < s.outWidth(); ox++) {
                    var window = PoolingWindow.of(s, oy, ox);
                    int out = ((n * s.outHeight() + oy) * s.outWidth() + ox) * channels;
                    int c = 0;
                    for (; c + LANES <= channels; c += LANES) {
                        gradient.toFirstMaximum(window, c, out + c);
                    }
                    for (; c < channels; c++) {
                        gradient.toFirstMaximumOfChannel(window, c, out + c);
                    }
                }
            }
            rows.advance(s.height(), s.height());
        });
    }

    /** The input gradient of an image: floats in the rows that are added to, which are rounded when they are complete. */
    private static final class GradientRows {
        private final int count;
        private final int length;
        private final float[] floats;
        private final float[] dx;
        private final int image;
        private final VectorConversion conversion = new VectorConversion();

        /** The first row that is not rounded yet. */
        private int first;

        private int end;

        /**
         * @param count the rows that windows add to at the same time
         * @param image the first number of the image in dx
         */
        GradientRows(int count, int length, Scratch scratch, float[] dx, int image) {
            this.count = count;
            this.length = length;
            this.floats = scratch.get(ROWS, count * length);
            this.dx = dx;
            this.image = image;
        }

        /** Returns the index of a row that is added to. */
        int at(int row) {
            return row % count * length;
        }

        /** Moves on to the rows {@code from} to {@code to - 1}. */
        void advance(int from, int to) {
            for (; first < Math.min(from, end); first++) {
                conversion.ofFloats(floats, at(first), dx, image + first * length, length);
            }
            if (first < from) {
                BFloat16Pairs.clear(dx, image + first * length, (from - first) * length);
                first = from;
                end = from;
            }
            for (; end < to; end++) {
                Arrays.fill(floats, at(end), at(end) + length, 0f);
            }
        }
    }

    /** The input gradient of a max pooling. */
    private record MaxGradient(ConvolutionShape s, int image, float[] x, float[] y, float[] dy, GradientRows rows) {
        /** Adds the gradient of each lane at the first position of the lane's maximum. */
        void toFirstMaximum(PoolingWindow window, int channel, int out) {
            int channels = s.inChannels();
            float[] dx = rows.floats;
            var largest = VectorPairs.load(y, out);
            var gradient = VectorPairs.load(dy, out);
            for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                int from = image + iy * rows.length + channel;
                int to = rows.at(iy) + channel;
                for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                    // A lane whose maximum was found compares with NaN from then on, which equals nothing.
                    VectorMask<Float> found =
                            VectorPairs.load(x, from + ix * channels).compare(VectorOperators.EQ, largest);
                    FloatVector.fromArray(SPECIES, dx, to + ix * channels)
                            .add(gradient, found)
                            .intoArray(dx, to + ix * channels);
                    largest = TYPE.cast(largest).blend(Float.NaN, found);
                }
            }
        }

        void toFirstMaximumOfChannel(PoolingWindow window, int channel, int out) {
            int channels = s.inChannels();
            float largest = BFloat16Pairs.get(y, out);
            for (int iy = window.firstRow(); iy < window.endRow(); iy++) {
                for (int ix = window.firstColumn(); ix < window.endColumn(); ix++) {
                    int at = ix * channels + channel;
                    if (BFloat16Pairs.get(x, image + iy * rows.length + at) == largest) {
                        rows.floats[rows.at(iy) + at] += BFloat16Pairs.get(dy, out);
                        return;
                    }
                }
            }
        }
    }

    @Override
    public void averageForward(int batch, int pixels, int channels, float[] x, float[] y, Workers workers) {
        workers.run(batch, (n, scratch) -> {
            int out = n * channels;
            Arrays.fill(y, out, out + channels, 0f);
            for (int p = 0; p < pixels; p++) {
                int in = (n * pixels + p) * channels;
                int c = 0;
                for (; c + LANES <= channels; c += LANES) {
                    FloatVector.fromArray(SPECIES, y, out + c)
                            .add(VectorPairs.load(x, in + c))
                            .intoArray(y, out + c);
                }
                for (; c < channels; c++) {
                    y[out + c] += BFloat16Pairs.get(x, in + c);
                }
            }
            for (int c = 0; c < channels; c++) {
                y[out + c] /= pixels;
            }
        });
    }

    @Override
    public void averageBackward(int batch, int pixels, int channels, float[] dy, float[] dx, Workers workers) {
        int pairs = BFloat16Pairs.floats(channels);
        workers.run(batch, (n, scratch) -> {
            int first = n * pixels * channels;
            for (int c = 0; c < channels; c++) {
                BFloat16Pairs.set(dx, first + c, dy[n * channels + c] / pixels);
            }
            for (int p = 1; p < pixels; p++) {
                System.arraycopy(dx, first / 2, dx, first / 2 + p * pairs, pairs);
            }
        });
    }

    @Override
    public void cellsForward(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int channels = s.inChannels();
        int rowLength = s.width() * channels;
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int image = piece / s.outHeight() * s.height() * rowLength;
            for (int ox = 0; ox < s.outWidth(); ox++) {
                var cell = PoolingWindow.cell(s, piece % s.outHeight(), ox);
                float share = 1f / cell.size();
                int out = (piece * s.outWidth() + ox) * channels;
                int c = 0;
                for (; c + LANES <= channels; c += LANES) {
                    var mean = FloatVector.zero(SPECIES);
                    for (int iy = cell.firstRow(); iy < cell.endRow(); iy++) {
                        for (int ix = cell.firstColumn(); ix < cell.endColumn(); ix++) {
                            int in = image + iy * rowLength + ix * channels + c;
                            mean = TYPE.cast(mean).add(VectorPairs.load(x, in).mul(share));
                        }
                    }
                    VectorPairs.store(TYPE.cast(mean), y, out + c);
                }
                for (; c < channels; c++) {
                    float mean = 0f;
                    for (int iy = cell.firstRow(); iy < cell.endRow(); iy++) {
                        for (int ix = cell.firstColumn(); ix < cell.endColumn(); ix++) {
                            mean += share * BFloat16Pairs.get(x, image + iy * rowLength + ix * channels + c);
                        }
                    }
                    BFloat16Pairs.set(y, out + c, mean);
                }
            }
        });
    }

    @Override
    public void cellsBackward(ConvolutionShape s, float[] dy, float[] dx, Workers workers) {
        int channels = s.inChannels();
        workers.run(s.batch() * s.height(), (piece, scratch) -> {
            int oy = piece % s.height() / s.stride();
            int outRow = (piece / s.height() * s.outHeight() + oy) * s.outWidth();
            for (int column = 0; column < s.width(); column++) {
                int ox = column / s.stride();
                float share = 1f / PoolingWindow.cell(s, oy, ox).size();
                int from = (outRow + ox) * channels;
                int to = (piece * s.width() + column) * channels;
                int c = 0;
                for (; c + LANES <= channels; c += LANES) {
                    VectorPairs.store(VectorPairs.load(dy, from + c).mul(share), dx, to + c);
                }
                for (; c < channels; c++) {
                    BFloat16Pairs.set(dx, to + c, share * BFloat16Pairs.get(dy, from + c));
                }
            }
        });
    }

    @Override
    public void subsample(ConvolutionShape s, float[] x, float[] y, Workers workers) {
        int before = (s.outChannels() - s.inChannels()) / 2;
        workers.run(s.batch() * s.outHeight(), (piece, scratch) -> {
            int n = piece / s.outHeight();
            int oy = piece % s.outHeight();
            int in = (n * s.height() + oy * s.stride()) * s.width() * s.inChannels();
            int out = piece * s.outWidth() * s.outChannels();
            BFloat16Pairs.clear(y, out, s.outWidth() * s.outChannels());
            for (int ox = 0; ox < s.outWidth(); ox++) {
                BFloat16Pairs.copy(x, in, y, out + before, s.inChannels());
                in += s.stride() * s.inChannels();
                out += s.outChannels();
            }
        });
    }

    @Override
    public void subsampleBackward(ConvolutionShape s, float[] dy, float[] dx, Workers workers) {
        int before = (s.outChannels() - s.inChannels()) / 2;
        int rowLength = s.width() * s.inChannels();
        workers.run(s.batch() * s.height(), (piece, scratch) -> {
            int n = piece / s.height();
            int iy = piece % s.height();
            BFloat16Pairs.clear(dx, piece * rowLength, rowLength);
            if (iy % s.stride() != 0) {
                return;
            }
            int from = (n * s.outHeight() + iy / s.stride()) * s.outWidth() * s.outChannels() + before;
            for (int ox = 0; ox < s.outWidth(); ox++) {
                int to = piece * rowLength + ox * s.stride() * s.inChannels();
                BFloat16Pairs.copy(dy, from, dx, to, s.inChannels());
                from += s.outChannels();
            }
        });
    }
}
