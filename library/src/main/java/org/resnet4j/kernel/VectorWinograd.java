package org.resnet4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The 3x3 convolution of stride 1 by Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray, 2016): 16 multiply-adds for
 * each four outputs and pair of channels where the definition takes 36.
 *
 * <p>The output is cut into tiles of 2x2 pixels, each of which sees 4x4 pixels of the input. With the matrices
 *
 * <pre>
 *        | 1  0 -1  0 |         | 1    0    0  |         | 1  1  1  0 |
 *   Bᵀ = | 0  1  1  0 |    G =  | 1/2  1/2 1/2 |    Aᵀ = | 0  1 -1 -1 |
 *        | 0 -1  1  0 |         | 1/2 -1/2 1/2 |
 *        | 0  1  0 -1 |         | 0    0    1  |
 * </pre>
 *
 * a tile is {@code y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A}: transform the weights once and the input tile by tile, multiply the 16
 * places separately, each a matrix product over the channels, and transform back. The matrices hold only 0, ±1 and 1/2, so
 * the error stays near that of the definition, about 1e-6.
 *
 * <p>A piece takes so many tiles that both sides of its 16 products stay in the second-level cache.
 */
final class VectorWinograd {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Places of a 4x4 tile. */
    private static final int PLACES = 16;

    /** Scratch slots of a piece: the input with its border, the transformed input, the products. */
    private static final int BAND = 0;

    private static final int TRANSFORMED = 1;
    private static final int PRODUCTS = 2;
    private static final int ROWS = 0;
    private static final int OUTS = 1;

    /** Shared slots: the transformed weights, and the turned weights of the gradient. */
    private static final int WEIGHTS = 0;

    private static final int TURNED = 1;

    /** Transformed input and products of a piece together: 512 KB. */
    private static final int BLOCK_FLOATS = 128 * 1024;

    private static final int FEWEST_TILES = 16;

    /** Above, the 16 matrices of weights no longer stay in the cache and the definition is as fast. */
    private static final int MOST_CHANNELS = 256;

    /** Every tile height divides this, so rows are rounded up to it and no product has an edge. */
    private static final int ROW_MULTIPLE = 24;

    private final boolean manyRegisters;

    VectorWinograd(boolean manyRegisters) {
        this.manyRegisters = manyRegisters;
    }

    /** Whether this is the faster way for forward and for the gradient to the data, by the shape alone. */
    static boolean suits(ConvolutionShape s) {
        return s.kernelHeight() == 3
                && s.kernelWidth() == 3
                && s.stride() == 1
                && s.padding() == 1
                && s.groups() == 1
                && s.inChannels() % LANES == 0
                && s.outChannels() % LANES == 0
                && Math.max(s.inChannels(), s.outChannels()) <= MOST_CHANNELS
                && s.height() >= 4
                && s.width() >= 4;
    }

    void forward(ConvolutionShape s, float[] x, float[] w, float[] y, Workers workers) {
        var panels = Panels.of(s.outChannels(), LANES, manyRegisters);
        int packedSize = panels.packedSize(s.inChannels());
        float[] weights = workers.shared().floats(WEIGHTS, PLACES * packedSize);
        workers.run(
                s.inChannels(),
                (channel, scratch) ->
                        transformWeights(w, s.inChannels(), s.outChannels(), channel, panels, weights, packedSize));
        int tileRows = Math.ceilDiv(s.height(), 2);
        int tileColumns = Math.ceilDiv(s.width(), 2);
        int tiles = Math.max(FEWEST_TILES, BLOCK_FLOATS / PLACES / (s.inChannels() + s.outChannels()));
        var bands = Bands.ofRows(s.batch(), tileRows, Math.ceilDiv(tiles, tileColumns));
        int mostTiles = Math.ceilDiv(bands.mostRows() * tileColumns, ROW_MULTIPLE) * ROW_MULTIPLE;
        var block = new Block(s, tileColumns, mostTiles);
        workers.run(bands.count(), (band, scratch) -> block(block, bands, band, panels, weights, x, y, scratch));
    }

    /** The gradient to the data: the same convolution over the output gradients, with the window turned round. */
    void backwardData(ConvolutionShape s, float[] dy, float[] w, float[] dx, Workers workers) {
        int in = s.inChannels();
        int out = s.outChannels();
        float[] turned = workers.shared().floats(TURNED, s.weightSize());
        workers.run(9, (place, scratch) -> {
            int from = place * in * out;
            int to = (8 - place) * in * out;
            for (int k = 0; k < out; k++) {
                for (int c = 0; c < in; c++) {
                    turned[to + k * in + c] = w[from + c * out + k];
                }
            }
        });
        var gradient = new ConvolutionShape(s.batch(), s.height(), s.width(), out, in, 3, 3, 1, 1, 1);
        forward(gradient, dy, turned, dx, workers);
    }

    /** The sizes of what a piece keeps: {@code [16, mostTiles, channels]}, padded against conflicts in the cache. */
    private record Block(ConvolutionShape shape, int tileColumns, int mostTiles) {
        private static int pitch(int channels) {
            return channels % 256 == 0 ? channels + 16 : channels;
        }

        int inPitch() {
            return pitch(shape.inChannels());
        }

        int outPitch() {
            return pitch(shape.outChannels());
        }

        int inPlace() {
            return mostTiles * inPitch() + 16;
        }

        int outPlace() {
            return mostTiles * outPitch() + 16;
        }

        int bandWidth() {
            return 2 * tileColumns + 2;
        }
    }

    private static void block(
            Block block, Bands bands, int band, Panels panels, float[] weights, float[] x, float[] y, Scratch scratch) {
        ConvolutionShape s = block.shape();
        int firstRow = bands.firstRow(band);
        int rows = bands.endRow(band) - firstRow;
        int images = bands.endImage(band) - bands.firstImage(band);
        int bandRows = 2 * rows + 2;
        int rowFloats = block.bandWidth() * s.inChannels();
        float[] input = scratch.floats(BAND, images * bandRows * rowFloats);
        float[] transformed = scratch.floats(TRANSFORMED, PLACES * block.inPlace());
        float[] products = scratch.floats(PRODUCTS, PLACES * block.outPlace());
        var halo = new Halo(s.height(), s.width(), s.inChannels(), 0, s.inChannels());
        int tile = 0;
        for (int image = 0; image < images; image++) {
            int at = image * bandRows * rowFloats;
            halo.copy(x, bands.firstImage(band) + image, 2 * firstRow - 1, -1, bandRows, block.bandWidth(), input, at);
            for (int row = 0; row < rows; row++) {
                inputRow(block, input, at + 2 * row * rowFloats, transformed, tile);
                tile += block.tileColumns();
            }
        }
        multiply(block, tile, panels, weights, transformed, products, scratch);
        tile = 0;
        for (int image = bands.firstImage(band); image < bands.endImage(band); image++) {
            for (int row = firstRow; row < firstRow + rows; row++) {
                outputRow(block, products, tile, image, row, y);
                tile += block.tileColumns();
            }
        }
    }

    /** Transforms one row of tiles. */
    private static void inputRow(Block block, float[] input, int from, float[] transformed, int firstTile) {
        int channels = block.shape().inChannels();
        int rowFloats = block.bandWidth() * channels;
        int to = firstTile * block.inPitch();
        if (channels == LANES) {
            transformNarrowInput(input, from, rowFloats, block.tileColumns(), transformed, to, block.inPlace());
            return;
        }
        for (int column = 0; column < block.tileColumns(); column++) {
            transformInput(
                    input,
                    from + 2 * column * channels,
                    rowFloats,
                    channels,
                    transformed,
                    to + column * block.inPitch(),
                    block.inPlace());
        }
    }

    /** Transforms one row of tiles back; the image may end in the middle of a tile. */
    private static void outputRow(Block block, float[] products, int firstTile, int image, int row, float[] y) {
        ConvolutionShape s = block.shape();
        int channels = s.outChannels();
        int rowFloats = s.width() * channels;
        int to = (image * s.height() + 2 * row) * rowFloats;
        int from = firstTile * block.outPitch();
        boolean secondRow = 2 * row + 1 < s.height();
        int column = 0;
        if (channels == LANES && secondRow) {
            column = s.width() / 2;
            transformNarrowOutput(products, from, block.outPlace(), y, to, rowFloats, column);
        }
        for (; column < block.tileColumns(); column++) {
            transformOutput(
                    products,
                    from + column * block.outPitch(),
                    block.outPlace(),
                    y,
                    to + 2 * column * channels,
                    rowFloats,
                    channels,
                    secondRow,
                    2 * column + 1 < s.width());
        }
    }

    /** The 16 matrix products: {@code [tiles, in] · [in, out]} for each place. */
    private static void multiply(
            Block block,
            int tiles,
            Panels panels,
            float[] weights,
            float[] transformed,
            float[] products,
            Scratch scratch) {
        int count = Math.ceilDiv(tiles, ROW_MULTIPLE) * ROW_MULTIPLE;
        int[] rows = scratch.ints(ROWS, count + VectorProduct.MOST_TILE_ROWS);
        int[] outs = scratch.ints(OUTS, count + VectorProduct.MOST_TILE_ROWS);
        int depth = block.shape().inChannels();
        if (depth == VectorTiles.SQUARE
                && block.shape().outChannels() == VectorTiles.SQUARE
                && LANES == VectorTiles.SQUARE) {
            for (int place = 0; place < PLACES; place++) {
                VectorTiles.multiplySquare(
                        transformed,
                        place * block.inPlace(),
                        count,
                        weights,
                        place * panels.packedSize(depth),
                        products,
                        place * block.outPlace());
            }
            return;
        }
        for (int place = 0; place < PLACES; place++) {
            for (int i = 0; i < count; i++) {
                rows[i] = place * block.inPlace() + i * block.inPitch();
                outs[i] = place * block.outPlace() + i * block.outPitch();
            }
            VectorProduct.multiply(
                    transformed,
                    rows,
                    outs,
                    count,
                    1,
                    0,
                    depth,
                    panels,
                    0,
                    panels.count(),
                    weights,
                    place * panels.packedSize(depth),
                    products,
                    0,
                    Epilogue.NONE,
                    scratch);
        }
    }

    /** {@code G w Gᵀ} for one input channel and all output channels, into the packed panels of each place. */
    private static void transformWeights(
            float[] w, int in, int out, int channel, Panels panels, float[] packed, int packedSize) {
        for (int p = 0; p < panels.count(); p++) {
            Panels.Panel panel = panels.get(p);
            int target = panels.packedOffset(panel, in) + channel * panel.width();
            for (int k = 0; k < panel.width(); k += LANES) {
                int from = channel * out + panel.first() + k;
                for (int column = 0; column < 4; column++) {
                    // One column of w Gᵀ, then G from the left.
                    var top = rowTimesG(w, from, in * out, column);
                    var middle = rowTimesG(w, from + 3 * in * out, in * out, column);
                    var bottom = rowTimesG(w, from + 6 * in * out, in * out, column);
                    var outer = top.add(bottom);
                    int at = target + k + column * packedSize;
                    top.intoArray(packed, at);
                    outer.add(middle).mul(0.5f).intoArray(packed, at + 4 * packedSize);
                    outer.sub(middle).mul(0.5f).intoArray(packed, at + 8 * packedSize);
                    bottom.intoArray(packed, at + 12 * packedSize);
                }
            }
        }
    }

    /** One place of a row of the window times Gᵀ. */
    private static FloatVector rowTimesG(float[] w, int from, int stride, int column) {
        var first = FloatVector.fromArray(SPECIES, w, from);
        var second = FloatVector.fromArray(SPECIES, w, from + stride);
        var third = FloatVector.fromArray(SPECIES, w, from + 2 * stride);
        return switch (column) {
            case 0 -> first;
            case 1 -> first.add(third).add(second).mul(0.5f);
            case 2 -> first.add(third).sub(second).mul(0.5f);
            default -> third;
        };
    }

    /** {@code Bᵀ x B} of one tile, all channels. */
    static void transformInput(float[] x, int from, int rowFloats, int channels, float[] target, int to, int place) {
        for (int c = 0; c < channels; c += LANES) {
            int r0 = from + c;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int at = to + c;
            var x10 = FloatVector.fromArray(SPECIES, x, r1);
            var x11 = FloatVector.fromArray(SPECIES, x, r1 + channels);
            var x12 = FloatVector.fromArray(SPECIES, x, r1 + 2 * channels);
            var x13 = FloatVector.fromArray(SPECIES, x, r1 + 3 * channels);
            var x20 = FloatVector.fromArray(SPECIES, x, r2);
            var x21 = FloatVector.fromArray(SPECIES, x, r2 + channels);
            var x22 = FloatVector.fromArray(SPECIES, x, r2 + 2 * channels);
            var x23 = FloatVector.fromArray(SPECIES, x, r2 + 3 * channels);
            var a0 = FloatVector.fromArray(SPECIES, x, r0).sub(x20);
            var a1 = FloatVector.fromArray(SPECIES, x, r0 + channels).sub(x21);
            var a2 = FloatVector.fromArray(SPECIES, x, r0 + 2 * channels).sub(x22);
            var a3 = FloatVector.fromArray(SPECIES, x, r0 + 3 * channels).sub(x23);
            a0.sub(a2).intoArray(target, at);
            a1.add(a2).intoArray(target, at + place);
            a2.sub(a1).intoArray(target, at + 2 * place);
            a1.sub(a3).intoArray(target, at + 3 * place);
            var b0 = x10.add(x20);
            var b1 = x11.add(x21);
            var b2 = x12.add(x22);
            var b3 = x13.add(x23);
            b0.sub(b2).intoArray(target, at + 4 * place);
            b1.add(b2).intoArray(target, at + 5 * place);
            b2.sub(b1).intoArray(target, at + 6 * place);
            b1.sub(b3).intoArray(target, at + 7 * place);
            var c0 = x20.sub(x10);
            var c1 = x21.sub(x11);
            var c2 = x22.sub(x12);
            var c3 = x23.sub(x13);
            c0.sub(c2).intoArray(target, at + 8 * place);
            c1.add(c2).intoArray(target, at + 9 * place);
            c2.sub(c1).intoArray(target, at + 10 * place);
            c1.sub(c3).intoArray(target, at + 11 * place);
            var d0 = x10.sub(FloatVector.fromArray(SPECIES, x, r3));
            var d1 = x11.sub(FloatVector.fromArray(SPECIES, x, r3 + channels));
            var d2 = x12.sub(FloatVector.fromArray(SPECIES, x, r3 + 2 * channels));
            var d3 = x13.sub(FloatVector.fromArray(SPECIES, x, r3 + 3 * channels));
            d0.sub(d2).intoArray(target, at + 12 * place);
            d1.add(d2).intoArray(target, at + 13 * place);
            d2.sub(d1).intoArray(target, at + 14 * place);
            d1.sub(d3).intoArray(target, at + 15 * place);
        }
    }

    /**
     * A row of tiles of an image whose channels are one vector: as {@link #transformInput}, with the loop over the tiles and
     * every distance a constant, so that the bounds are checked once for the row and not 32 times for each tile.
     */
    private static void transformNarrowInput(
            float[] x, int from, int rowFloats, int tiles, float[] target, int to, int place) {
        for (int tile = 0; tile < tiles; tile++) {
            int r0 = from + tile * 2 * LANES;
            int r1 = r0 + rowFloats;
            int r2 = r1 + rowFloats;
            int r3 = r2 + rowFloats;
            int at = to + tile * LANES;
            var x10 = FloatVector.fromArray(SPECIES, x, r1);
            var x11 = FloatVector.fromArray(SPECIES, x, r1 + LANES);
            var x12 = FloatVector.fromArray(SPECIES, x, r1 + 2 * LANES);
            var x13 = FloatVector.fromArray(SPECIES, x, r1 + 3 * LANES);
            var x20 = FloatVector.fromArray(SPECIES, x, r2);
            var x21 = FloatVector.fromArray(SPECIES, x, r2 + LANES);
            var x22 = FloatVector.fromArray(SPECIES, x, r2 + 2 * LANES);
            var x23 = FloatVector.fromArray(SPECIES, x, r2 + 3 * LANES);
            var a0 = FloatVector.fromArray(SPECIES, x, r0).sub(x20);
            var a1 = FloatVector.fromArray(SPECIES, x, r0 + LANES).sub(x21);
            var a2 = FloatVector.fromArray(SPECIES, x, r0 + 2 * LANES).sub(x22);
            var a3 = FloatVector.fromArray(SPECIES, x, r0 + 3 * LANES).sub(x23);
            a0.sub(a2).intoArray(target, at);
            a1.add(a2).intoArray(target, at + place);
            a2.sub(a1).intoArray(target, at + 2 * place);
            a1.sub(a3).intoArray(target, at + 3 * place);
            var b0 = x10.add(x20);
            var b1 = x11.add(x21);
            var b2 = x12.add(x22);
            var b3 = x13.add(x23);
            b0.sub(b2).intoArray(target, at + 4 * place);
            b1.add(b2).intoArray(target, at + 5 * place);
            b2.sub(b1).intoArray(target, at + 6 * place);
            b1.sub(b3).intoArray(target, at + 7 * place);
            var c0 = x20.sub(x10);
            var c1 = x21.sub(x11);
            var c2 = x22.sub(x12);
            var c3 = x23.sub(x13);
            c0.sub(c2).intoArray(target, at + 8 * place);
            c1.add(c2).intoArray(target, at + 9 * place);
            c2.sub(c1).intoArray(target, at + 10 * place);
            c1.sub(c3).intoArray(target, at + 11 * place);
            var d0 = x10.sub(FloatVector.fromArray(SPECIES, x, r3));
            var d1 = x11.sub(FloatVector.fromArray(SPECIES, x, r3 + LANES));
            var d2 = x12.sub(FloatVector.fromArray(SPECIES, x, r3 + 2 * LANES));
            var d3 = x13.sub(FloatVector.fromArray(SPECIES, x, r3 + 3 * LANES));
            d0.sub(d2).intoArray(target, at + 12 * place);
            d1.add(d2).intoArray(target, at + 13 * place);
            d2.sub(d1).intoArray(target, at + 14 * place);
            d1.sub(d3).intoArray(target, at + 15 * place);
        }
    }

    /** {@code Aᵀ m A} of one tile, all channels; the second row and column only where the image has them. */
    private static void transformOutput(
            float[] m,
            int from,
            int place,
            float[] y,
            int to,
            int rowFloats,
            int channels,
            boolean secondRow,
            boolean secondColumn) {
        for (int c = 0; c < channels; c += LANES) {
            int at = from + c;
            var top0 = sum(m, at, place);
            var top1 = sum(m, at + place, place);
            var top2 = sum(m, at + 2 * place, place);
            var top3 = sum(m, at + 3 * place, place);
            top0.add(top1).add(top2).intoArray(y, to + c);
            if (secondColumn) {
                top1.sub(top2).sub(top3).intoArray(y, to + channels + c);
            }
            if (secondRow) {
                var bottom0 = difference(m, at, place);
                var bottom1 = difference(m, at + place, place);
                var bottom2 = difference(m, at + 2 * place, place);
                var bottom3 = difference(m, at + 3 * place, place);
                bottom0.add(bottom1).add(bottom2).intoArray(y, to + rowFloats + c);
                if (secondColumn) {
                    bottom1.sub(bottom2).sub(bottom3).intoArray(y, to + rowFloats + channels + c);
                }
            }
        }
    }

    /** As {@link #transformOutput} for whole tiles of an image whose channels are one vector, a row of them at a time. */
    private static void transformNarrowOutput(
            float[] m, int from, int place, float[] y, int to, int rowFloats, int tiles) {
        for (int tile = 0; tile < tiles; tile++) {
            int at = from + tile * LANES;
            int out = to + tile * 2 * LANES;
            var top0 = sum(m, at, place);
            var top1 = sum(m, at + place, place);
            var top2 = sum(m, at + 2 * place, place);
            var top3 = sum(m, at + 3 * place, place);
            top0.add(top1).add(top2).intoArray(y, out);
            top1.sub(top2).sub(top3).intoArray(y, out + LANES);
            var bottom0 = difference(m, at, place);
            var bottom1 = difference(m, at + place, place);
            var bottom2 = difference(m, at + 2 * place, place);
            var bottom3 = difference(m, at + 3 * place, place);
            bottom0.add(bottom1).add(bottom2).intoArray(y, out + rowFloats);
            bottom1.sub(bottom2).sub(bottom3).intoArray(y, out + rowFloats + LANES);
        }
    }

    /** The first row of Aᵀ times a column of m. */
    private static FloatVector sum(float[] m, int at, int place) {
        return FloatVector.fromArray(SPECIES, m, at)
                .add(FloatVector.fromArray(SPECIES, m, at + 4 * place))
                .add(FloatVector.fromArray(SPECIES, m, at + 8 * place));
    }

    /** The second row of Aᵀ times a column of m. */
    private static FloatVector difference(float[] m, int at, int place) {
        return FloatVector.fromArray(SPECIES, m, at + 4 * place)
                .sub(FloatVector.fromArray(SPECIES, m, at + 8 * place))
                .sub(FloatVector.fromArray(SPECIES, m, at + 12 * place));
    }
}
