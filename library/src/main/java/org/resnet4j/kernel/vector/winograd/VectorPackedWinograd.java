package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.vector.product.Epilogue;
import org.resnet4j.kernel.vector.product.Panels;
import org.resnet4j.kernel.vector.product.Tile;
import org.resnet4j.kernel.vector.product.VectorDirect;
import org.resnet4j.kernel.vector.product.VectorProduct;
import org.resnet4j.kernel.vector.product.VectorSquareTile;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The 3x3 convolution of stride 1 or 2 by Winograd's minimal filtering, with weights that are transformed and packed once.
 *
 * <p>The tiles of all images are counted through and cut into blocks. A block transforms its tiles, multiplies each place by
 * its matrix of weights, and transforms back with bias, shortcut and ReLU. It takes so many tiles that what it transformed
 * stays in the second-level cache, and enough that reading the weights again for each block does not matter. Where there
 * are few blocks and many channels, pieces share a block and take some of its output channels each.
 */
public final class VectorPackedWinograd implements PackedConvolution {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Arrays of a piece: the transformed input, the products, an input tile with its border, packed weights. */
    private static final Scratch.Floats TRANSFORMED = new Scratch.Floats();

    private static final Scratch.Floats PRODUCTS = new Scratch.Floats();
    private static final Scratch.Floats PATCH = new Scratch.Floats();
    private static final Scratch.Floats PACKED = new Scratch.Floats();
    private static final Scratch.Ints ROWS = new Scratch.Ints();
    private static final Scratch.Ints OUTS = new Scratch.Ints();
    private static final Scratch.Ints ROWS_LEFT = new Scratch.Ints();
    private static final Scratch.Ints COLUMNS_LEFT = new Scratch.Ints();

    /** All tiles transformed, shared by the pieces. */
    private static final Scratch.Floats ALL_TRANSFORMED = new Scratch.Floats();

    /** Tiles of a block where all are transformed first. */
    private static final int MOST_TILES = 64;

    /** Transformed input and products of a block: 768 KB. */
    private static final int BLOCK_FLOATS = 192 * 1024;

    /** Weights are read again for each block, so it should have some tiles. */
    private static final int FEWEST_TILES = 24;

    /** The same where threads would have nothing to do otherwise, with few channels and so few weights. */
    private static final int FEWEST_TILES_ALONE = 8;

    private final WinogradTransform transform;
    private final int in;
    private final int out;
    private final Panels panels;
    private final int side;
    private final int places;
    /** For each matrix of weights the places that it is for. */
    private final int[][] placesOf;

    private final int[] leastOutputs;
    private final float[] weights;
    private final float[] bias;
    private final boolean relu;

    /** Packs the weights into an array of its own. */
    public VectorPackedWinograd(
            WinogradTransform transform,
            int in,
            int out,
            float[] w,
            float[] bias,
            boolean relu,
            boolean manyRegisters) {
        this(
                transform,
                in,
                out,
                Panels.of(out, LANES, manyRegisters),
                new float[packedSize(transform, in, Panels.of(out, LANES, manyRegisters))],
                bias.clone(),
                relu);
        var scratch = new Scratch();
        for (int channel = 0; channel < in; channel++) {
            pack(channel, w, scratch);
        }
    }

    /**
     * @param weights {@link #packedSize} floats that {@link #pack} fills
     * @param bias {@code [out]}
     */
    public VectorPackedWinograd(
            WinogradTransform transform, int in, int out, Panels panels, float[] weights, float[] bias, boolean relu) {
        this.transform = transform;
        this.in = in;
        this.out = out;
        this.panels = panels;
        this.weights = weights;
        this.bias = bias;
        this.relu = relu;
        int[] rows = transform.weightRows();
        side = rows.length;
        leastOutputs = transform.leastOutputs();
        places = side * side;
        placesOf = placesOf(rows, transform.weightMatrix().length);
    }

    /** Floats of the packed weights. */
    public static int packedSize(WinogradTransform transform, int in, Panels panels) {
        int distinct = transform.weightMatrix().length;
        return Math.multiplyExact(distinct * distinct, panels.packedSize(in));
    }

    /** Whether a convolution can be computed so. */
    public static boolean suits(ConvolutionShape s) {
        return s.kernelHeight() == 3
                && s.kernelWidth() == 3
                && s.stride() <= 2
                && s.padding() == 1
                && s.groups() == 1
                && s.inChannels() % LANES == 0
                && s.outChannels() % LANES == 0;
    }

    private static int[][] placesOf(int[] rows, int distinct) {
        int side = rows.length;
        return IntStream.range(0, distinct * distinct)
                .mapToObj(matrix -> IntStream.range(0, side * side)
                        .filter(place -> rows[place / side] * distinct + rows[place % side] == matrix)
                        .toArray())
                .toArray(int[][]::new);
    }

    @Override
    public String algorithm() {
        return transform.algorithm();
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (weights.length + bias.length);
    }

    /** {@code G w Gᵀ} for one input channel and all output channels, into the panels of each matrix. */
    public void pack(int channel, float[] w, Scratch scratch) {
        for (int p = 0; p < panels.count(); p++) {
            Panels.Panel panel = panels.get(p);
            int to = panels.packedOffset(panel, in) + channel * panel.width();
            pack(channel, panel, w, weights, to, panels.packedSize(in), scratch);
        }
    }

    /** The same for one panel; matrix i goes to {@code to + i·matrixFloats}. */
    private void pack(
            int channel, Panels.Panel panel, float[] w, float[] packed, int to, int matrixFloats, Scratch scratch) {
        double[][] g = transform.weightMatrix();
        int row = in * out;
        float[] half = scratch.get(PATCH, 3 * g.length * LANES);
        for (int k = 0; k < panel.width(); k += LANES) {
            int from = channel * out + panel.first() + k;
            for (int column = 0; column < 3; column++) {
                var w0 = FloatVector.fromArray(SPECIES, w, from + column * row);
                var w1 = FloatVector.fromArray(SPECIES, w, from + (3 + column) * row);
                var w2 = FloatVector.fromArray(SPECIES, w, from + (6 + column) * row);
                for (int i = 0; i < g.length; i++) {
                    w0.mul((float) g[i][0])
                            .add(w1.mul((float) g[i][1]))
                            .add(w2.mul((float) g[i][2]))
                            .intoArray(half, (i * 3 + column) * LANES);
                }
            }
            for (int i = 0; i < g.length; i++) {
                var h0 = FloatVector.fromArray(SPECIES, half, i * 3 * LANES);
                var h1 = FloatVector.fromArray(SPECIES, half, (i * 3 + 1) * LANES);
                var h2 = FloatVector.fromArray(SPECIES, half, (i * 3 + 2) * LANES);
                for (int j = 0; j < g.length; j++) {
                    h0.mul((float) g[j][0])
                            .add(h1.mul((float) g[j][1]))
                            .add(h2.mul((float) g[j][2]))
                            .intoArray(packed, (i * g.length + j) * matrixFloats + to + k);
                }
            }
        }
    }

    /**
     * Computes with weights that are used this once, and so many that they would not stay in a cache: all tiles are
     * transformed first, then a piece packs one panel of the weights after the other into memory of its own and multiplies
     * all tiles by it. The bits are those of {@link #run}.
     *
     * @param w {@code [3, 3, in, out]}
     */
    public void runOnce(ConvolutionShape s, float[] w, float[] x, float[] y, boolean add, Workers workers) {
        var grid = WinogradTiles.of(s, transform);
        int tiles = grid.count();
        int inPitch = pitch(in);
        int inPlace = tiles * inPitch + 16;
        float[] transformed = workers.shared().get(ALL_TRANSFORMED, Math.multiplyExact(places, inPlace));
        workers.run(
                Math.ceilDiv(tiles, FEWEST_TILES),
                (piece, scratch) -> input(
                        grid,
                        piece * FEWEST_TILES,
                        Math.min(tiles, (piece + 1) * FEWEST_TILES),
                        x,
                        transformed,
                        piece * FEWEST_TILES * inPitch,
                        inPlace,
                        scratch));
        int blocks = Math.ceilDiv(tiles, MOST_TILES);
        workers.run(panels.count(), (p, scratch) -> {
            Panels.Panel panel = panels.get(p);
            int matrixFloats = in * panel.width();
            float[] packed = scratch.get(PACKED, placesOf.length * matrixFloats);
            for (int channel = 0; channel < in; channel++) {
                pack(channel, panel, w, packed, channel * panel.width(), matrixFloats, scratch);
            }
            var matrices = new Matrices(packed, matrixFloats, -panels.packedOffset(panel, in));
            for (int block = 0; block < blocks; block++) {
                int fromTile = (int) ((long) block * tiles / blocks);
                int toTile = (int) ((long) (block + 1) * tiles / blocks);
                multiply(grid, fromTile, toTile, p, p + 1, matrices, transformed, fromTile, inPlace, y, add, scratch);
            }
        });
    }

    /** Where the matrices of weights stand: {@code size} apart, as if the first panel began at {@code origin}. */
    private record Matrices(float[] weights, int size, int origin) {}

    @Override
    public void run(ConvolutionShape s, float[] x, float[] y, boolean add, Workers workers) {
        var grid = WinogradTiles.of(s, transform);
        int tiles = grid.count();
        int most = Math.max(FEWEST_TILES, BLOCK_FLOATS / places / (in + out));
        int blocks = Math.ceilDiv(tiles, most);
        if (blocks % 2 == 1 && tiles >= 2 * FEWEST_TILES) {
            blocks++;
        }
        if (blocks * panels.count() < workers.threads()) {
            blocks = Math.min(workers.threads(), Math.ceilDiv(tiles, FEWEST_TILES_ALONE));
        }
        int count = blocks;
        int shares = VectorDirect.shares(count, panels.count(), workers);
        workers.run(count * shares, (piece, scratch) -> {
            int block = piece % count;
            int share = piece / count;
            int fromTile = (int) ((long) block * tiles / count);
            int toTile = (int) ((long) (block + 1) * tiles / count);
            block(
                    grid,
                    fromTile,
                    toTile,
                    share * panels.count() / shares,
                    (share + 1) * panels.count() / shares,
                    x,
                    y,
                    add,
                    scratch);
        });
    }

    /** Tiles {@code fromTile} to {@code toTile - 1}, the output channels of some panels. */
    private void block(
            WinogradTiles grid,
            int fromTile,
            int toTile,
            int fromPanel,
            int toPanel,
            float[] x,
            float[] y,
            boolean add,
            Scratch scratch) {
        int inPlace = panels.roundUp(toTile - fromTile) * pitch(in) + 16;
        float[] transformed = scratch.get(TRANSFORMED, places * inPlace);
        input(grid, fromTile, toTile, x, transformed, 0, inPlace, scratch);
        var matrices = new Matrices(weights, panels.packedSize(in), 0);
        multiply(grid, fromTile, toTile, fromPanel, toPanel, matrices, transformed, 0, inPlace, y, add, scratch);
    }

    /** Transforms tiles, one behind the other from {@code to}. */
    private void input(
            WinogradTiles grid,
            int fromTile,
            int toTile,
            float[] x,
            float[] transformed,
            int to,
            int inPlace,
            Scratch scratch) {
        int inPitch = pitch(in);
        float[] patch = scratch.get(PATCH, grid.patchFloats());
        if (in == LANES) {
            for (int tile = fromTile, run; tile < toTile; tile += run) {
                run = grid.run(tile, toTile);
                grid.inputRun(tile, run, x, 0, patch, transformed, to + (tile - fromTile) * in, in, inPlace);
            }
        } else {
            grid.readAhead(fromTile, toTile, x, scratch);
            for (int tile = fromTile; tile < toTile; tile++) {
                grid.input(tile, x, 0, in, patch, transformed, to + (tile - fromTile) * inPitch, inPlace);
            }
        }
    }

    /**
     * Multiplies transformed tiles and transforms them back.
     *
     * @param position of the first one among those that {@code transformed} holds
     */
    private void multiply(
            WinogradTiles grid,
            int fromTile,
            int toTile,
            int fromPanel,
            int toPanel,
            Matrices matrices,
            float[] transformed,
            int position,
            int inPlace,
            float[] y,
            boolean add,
            Scratch scratch) {
        int firstChannel = panels.get(fromPanel).first();
        int channels = panels.get(toPanel - 1).first() + panels.get(toPanel - 1).width() - firstChannel;
        int outPitch = pitch(channels);
        int outPlace = panels.roundUp(toTile - fromTile) * outPitch + 16;
        float[] products = scratch.get(PRODUCTS, places * outPlace);
        multiply(
                grid,
                fromTile,
                toTile - fromTile,
                fromPanel,
                toPanel,
                matrices,
                transformed,
                position,
                inPlace,
                products,
                outPitch,
                outPlace,
                scratch);
        float[] patch = scratch.get(PATCH, grid.patchFloats());
        if (out == LANES) {
            for (int tile = fromTile, run; tile < toTile; tile += run) {
                run = grid.wholeRun(tile, toTile);
                if (run > 0) {
                    outputRun(grid, tile, run, products, (tile - fromTile) * out, outPlace, y, add);
                } else {
                    run = 1;
                    output(grid, tile, 0, out, products, (tile - fromTile) * out, outPlace, y, add, patch);
                }
            }
            return;
        }
        for (int tile = fromTile; tile < toTile; tile++) {
            output(grid, tile, firstChannel, channels, products, (tile - fromTile) * outPitch, outPlace, y, add, patch);
        }
    }

    /** Rows a power of two apart would meet in the same lines of the cache. */
    private static int pitch(int channels) {
        return channels % 256 == 0 ? channels + 16 : channels;
    }

    /** Whether the product of the narrowest stage applies, which has a method of its own. */
    private boolean isSquare() {
        return in == VectorSquareTile.SIZE
                && out == VectorSquareTile.SIZE
                && LANES == VectorSquareTile.SIZE
                && panels.get(0).tile() == Tile.T12X1
                && placesOf.length == places;
    }

    private void multiply(
            WinogradTiles grid,
            int fromTile,
            int tiles,
            int fromPanel,
            int toPanel,
            Matrices matrices,
            float[] transformed,
            int position,
            int inPlace,
            float[] products,
            int outPitch,
            int outPlace,
            Scratch scratch) {
        int inPitch = pitch(in);
        int firstChannel = panels.get(fromPanel).first();
        if (isSquare() && position == 0) {
            int count = panels.roundUp(tiles);
            for (int place = 0; place < places; place++) {
                VectorSquareTile.multiply(
                        transformed,
                        place * inPlace,
                        count,
                        matrices.weights(),
                        place * matrices.size(),
                        products,
                        place * outPlace);
            }
            return;
        }
        int most = panels.roundUp(placesOf[placesOf.length - 1].length * tiles);
        int[] rows = scratch.get(ROWS, most);
        int[] outs = scratch.get(OUTS, most);
        int[] rowsLeft = scratch.get(ROWS_LEFT, tiles);
        int[] columnsLeft = scratch.get(COLUMNS_LEFT, tiles);
        for (int i = 0; i < tiles; i++) {
            rowsLeft[i] = grid.rowsLeft(fromTile + i);
            columnsLeft[i] = grid.columnsLeft(fromTile + i);
        }
        for (int matrix = 0; matrix < placesOf.length; matrix++) {
            int n = 0;
            for (int place : placesOf[matrix]) {
                for (int i = 0; i < tiles; i++) {
                    if (leastOutputs[place / side] <= rowsLeft[i] && leastOutputs[place % side] <= columnsLeft[i]) {
                        rows[n] = place * inPlace + (position + i) * inPitch;
                        outs[n++] = place * outPlace + i * outPitch;
                    }
                }
            }
            if (n == 0) {
                continue;
            }
            int whole = panels.roundUp(n);
            Arrays.fill(rows, n, whole, rows[n - 1]);
            Arrays.fill(outs, n, whole, outs[n - 1]);
            VectorProduct.multiply(
                    transformed,
                    rows,
                    outs,
                    whole,
                    1,
                    0,
                    in,
                    panels,
                    fromPanel,
                    toPanel,
                    matrices.weights(),
                    matrices.origin() + matrix * matrices.size(),
                    products,
                    -firstChannel,
                    Epilogue.NONE,
                    scratch);
        }
    }

    private void output(
            WinogradTiles grid,
            int tile,
            int firstChannel,
            int channels,
            float[] products,
            int from,
            int place,
            float[] y,
            boolean add,
            float[] patch) {
        ConvolutionShape s = grid.shape();
        int m = transform.outputs();
        int to = grid.firstPixel(tile) * out + firstChannel;
        int rowFloats = s.outWidth() * out;
        int rows = Math.min(m, grid.rowsLeft(tile));
        int columns = Math.min(m, grid.columnsLeft(tile));
        if (rows == m && columns == m) {
            output(products, from, place, y, to, rowFloats, out, channels, firstChannel, add);
            return;
        }
        if (add) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    System.arraycopy(y, to + r * rowFloats + c * out, patch, (r * m + c) * channels, channels);
                }
            }
        }
        output(products, from, place, patch, 0, m * channels, channels, channels, firstChannel, add);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                System.arraycopy(patch, (r * m + c) * channels, y, to + r * rowFloats + c * out, channels);
            }
        }
    }

    /** Transforms whole tiles that are neighbors in a row back, of a single vector of channels. */
    private void outputRun(
            WinogradTiles grid,
            int firstTile,
            int tiles,
            float[] products,
            int from,
            int place,
            float[] y,
            boolean add) {
        int m = transform.outputs();
        int rowFloats = grid.shape().outWidth() * out;
        float least = relu ? 0 : Float.NEGATIVE_INFINITY;
        transform.output(
                products,
                from,
                out,
                tiles,
                place,
                y,
                grid.firstPixel(firstTile) * out,
                m * out,
                rowFloats,
                out,
                bias,
                0,
                0,
                add,
                least);
    }

    private void output(
            float[] products,
            int from,
            int place,
            float[] target,
            int to,
            int rowFloats,
            int pixel,
            int channels,
            int biasAt,
            boolean add) {
        float least = relu ? 0 : Float.NEGATIVE_INFINITY;
        transform.output(
                products,
                from,
                LANES,
                channels / LANES,
                place,
                target,
                to,
                LANES,
                rowFloats,
                pixel,
                bias,
                biasAt,
                LANES,
                add,
                least);
    }
}
