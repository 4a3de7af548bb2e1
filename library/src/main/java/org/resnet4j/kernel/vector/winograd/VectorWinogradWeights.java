package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.product.Halo;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.Product;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The weight gradient of a 3x3 convolution of stride 1 in Winograd's domain. The filtering
 * {@code y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A} is linear in the weights, so its gradient is the transpose,
 *
 * <pre>{@code dw = Gᵀ [ Σ (Bᵀ x B) ⊙ (A dy Aᵀ) ] G,}</pre>
 *
 * with the sum over all tiles. This takes 36 multiply-adds for each sixteen outputs and pair of channels where direct
 * convolution takes 144, as 36 outer products over the tiles.
 *
 * <p>A piece sums the products of some channels over a chunk of the tiles, few enough channels that the sums stay in
 * the second-level cache, and transforms back once at the end. Products that contribute only to the last row or column
 * of outputs are skipped for tiles without that row or column. For this, the tiles of a block are sorted so that tiles
 * with it are adjacent.
 */
public final class VectorWinogradWeights {
    private static final int LANES = VectorTiles.LANES;

    /** Arrays of a piece: transformed inputs, transformed gradients, sums of their products, a copied tile. */
    private static final Scratch.Floats INPUTS = new Scratch.Floats();

    private static final Scratch.Floats GRADIENTS = new Scratch.Floats();
    private static final Scratch.Floats SUMS = new Scratch.Floats();
    private static final Scratch.Floats PATCH = new Scratch.Floats();
    private static final Scratch.Ints ROWS = new Scratch.Ints();
    private static final Scratch.Ints SORTED = new Scratch.Ints();

    /** Input channels of a piece. */
    private static final int CHANNELS = 128;

    /** Transformed inputs and gradients of a block of tiles: 768 KB. */
    private static final int BLOCK_FLOATS = 192 * 1024;

    private static final int FEWEST_TILES = 16;

    /** Enough pieces for two to four threads to finish together. */
    private static final int FEWEST_PIECES = 8;

    private final ConvolutionShape shape;
    private final WinogradGradientTransform transform;
    private final WinogradTiles tiles;
    private final Panels panels;
    private final OuterProduct product;
    private final int side;
    private final int places;

    public VectorWinogradWeights(
            ConvolutionShape shape, WinogradGradientTransform transform, Tiling tiling, OuterProduct product) {
        this.shape = shape;
        this.transform = transform;
        this.tiles = WinogradTiles.of(shape, transform);
        this.panels = Panels.of(shape.outChannels(), tiling);
        this.product = product;
        this.side = transform.leastOutputs().length;
        this.places = side * side;
    }

    /** Adds to {@code dw}. */
    public void addTo(float[] dw, float[] x, float[] dy, LateGradient late, Workers workers) {
        int in = shape.inChannels();
        int inBlocks = Math.ceilDiv(in, CHANNELS);
        LateGradient now = late;
        if (inBlocks > 1) {
            // several pieces read the same gradients
            late.computeAll(shape.batch() * shape.outHeight() * shape.outWidth(), shape.outChannels(), workers);
            now = LateGradient.THERE;
        }
        LateGradient inPiece = now;
        int blocks = inBlocks * panels.count();
        int chunks = Math.clamp(tiles.count() / FEWEST_TILES, 1, Math.ceilDiv(FEWEST_PIECES, blocks));
        var sums = new PartialSums(chunks, shape.weightSize(), dw, workers);
        workers.run(chunks * blocks, (piece, scratch) -> {
            int chunk = piece / blocks;
            Panel panel = panels.get(piece % blocks / inBlocks);
            int block = piece % blocks % inBlocks;
            int firstVector = (int) ((long) block * (in / LANES) / inBlocks);
            int endVector = (int) ((long) (block + 1) * (in / LANES) / inBlocks);
            int fromTile = (int) ((long) chunk * tiles.count() / chunks);
            int toTile = (int) ((long) (chunk + 1) * tiles.count() / chunks);
            var part = new Part(firstVector * LANES, (endVector - firstVector) * LANES, panel, scratch);
            part.addTiles(fromTile, toTile, x, dy, inPiece);
            part.clear(sums, chunk);
            part.transformBack(sums.array(), sums.start(chunk));
        });
        sums.add(workers);
    }

    /** The computation of one piece: some input channels by one panel of output channels. */
    private final class Part {
        private final int firstChannel;
        private final int channels;
        private final Panel panel;
        private final int pitch;
        private final int width;
        private final int most;
        private final int sumsPlace;
        private final int inPlace;
        private final int outPlace;
        private final float[] inputs;
        private final float[] gradients;
        private final float[] sums;
        private final float[] patch;
        private final int[] rows;
        private final int[] sorted;
        private final Scratch scratch;

        Part(int firstChannel, int channels, Panel panel, Scratch scratch) {
            this.firstChannel = firstChannel;
            this.channels = channels;
            this.panel = panel;
            this.scratch = scratch;
            this.width = panel.width();
            this.pitch = channels;
            this.most = Math.max(FEWEST_TILES, BLOCK_FLOATS / places / (channels + width));
            this.inPlace = most * pitch + LANES;
            this.outPlace = most * width + LANES;
            this.inputs = scratch.get(INPUTS, places * inPlace + Product.MOST_TILE_ROWS);
            this.gradients = scratch.get(GRADIENTS, places * outPlace);
            // A tile may be taller than the channels: its excess rows are computed and ignored.
            this.sumsPlace = Math.ceilDiv(channels, Product.MOST_TILE_ROWS) * Product.MOST_TILE_ROWS * width;
            this.sums = scratch.get(SUMS, places * sumsPlace);
            this.patch = scratch.get(PATCH, tiles.patchFloats());
            this.rows = scratch.get(ROWS, most);
            this.sorted = scratch.get(SORTED, most);
            for (int i = 0; i < most; i++) {
                rows[i] = i * pitch;
            }
        }

        void addTiles(int fromTile, int toTile, float[] x, float[] dy, LateGradient late) {
            Arrays.fill(sums, 0, places * sumsPlace, 0f);
            int count = toTile - fromTile;
            int blocks = Math.ceilDiv(count, most);
            for (int block = 0; block < blocks; block++) {
                int from = fromTile + (int) ((long) block * count / blocks);
                int to = fromTile + (int) ((long) (block + 1) * count / blocks);
                compute(late, from, to, dy);
                tiles.readAhead(from, to, x, scratch);
                addBlock(from, to, x, dy);
            }
        }

        /** Computes the panel's gradients of a block's outputs, by rows of adjacent tiles. */
        private void compute(LateGradient late, int fromTile, int toTile, float[] dy) {
            int m = transform.outputs();
            tiles.readGradientsAhead(fromTile, toTile, dy, scratch);
            for (int tile = fromTile, run; tile < toTile; tile += run) {
                run = Math.min(toTile - tile, tiles.columns() - tile % tiles.columns());
                int rowsOfTile = Math.min(m, tiles.rowsLeft(tile));
                int pixels = Math.min(run * m, tiles.columnsLeft(tile));
                for (int row = 0; row < rowsOfTile; row++) {
                    int pixel = tiles.firstPixel(tile) + row * shape.outWidth();
                    late.compute(pixel, pixel + pixels, panel.first(), panel.first() + width);
                }
            }
        }

        /**
         * Adds the products of a block. The order of tiles is: those without the last column of outputs, complete ones,
         * those without the last row, and those without both.
         */
        private void addBlock(int fromTile, int toTile, float[] x, float[] dy) {
            int m = transform.outputs();
            int count = toTile - fromTile;
            int[] ends = sort(fromTile, toTile);
            transform(count, x, dy);
            int[] least = transform.leastOutputs();
            for (int place = 0; place < places; place++) {
                boolean lastRow = least[place / side] == m;
                boolean lastColumn = least[place % side] == m;
                int from = lastColumn ? ends[0] : 0;
                int to = lastRow ? ends[1] : lastColumn ? ends[2] : count;
                if (from < to) {
                    addPlace(place, from, to);
                }
            }
        }

        /** Sorts the tiles and returns the end position of each kind. */
        private int[] sort(int fromTile, int toTile) {
            if (tiles.areWhole()) {
                for (int tile = fromTile; tile < toTile; tile++) {
                    sorted[tile - fromTile] = tile;
                }
                return new int[] {0, toTile - fromTile, toTile - fromTile, toTile - fromTile};
            }
            int m = transform.outputs();
            int[] ends = new int[4];
            int count = 0;
            for (int kind = 0; kind < 4; kind++) {
                for (int tile = fromTile; tile < toTile; tile++) {
                    if (kind == kind(tiles.rowsLeft(tile) >= m, tiles.columnsLeft(tile) >= m)) {
                        sorted[count++] = tile;
                    }
                }
                ends[kind] = count;
            }
            return ends;
        }

        private static int kind(boolean rowsWhole, boolean columnsWhole) {
            if (rowsWhole) {
                return columnsWhole ? 1 : 0;
            }
            return columnsWhole ? 2 : 3;
        }

        private void addPlace(int place, int from, int to) {
            product.add(
                    new OuterProduct.Inputs(inputs, rows, from, to - from, place * inPlace, channels),
                    new OuterProduct.Gradients(panel, gradients, place * outPlace + from * width, width),
                    new OuterProduct.Sums(sums, place * sumsPlace, width, true),
                    scratch);
        }

        private void transform(int count, float[] x, float[] dy) {
            boolean narrowIn = channels == LANES;
            boolean narrowOut = width == LANES;
            for (int i = 0, run; i < count; i += run) {
                run = narrowIn || narrowOut ? wholeRun(i, count) : 1;
                if (narrowIn && run > 1) {
                    tiles.inputRun(sorted[i], run, x, firstChannel, patch, input(i), pitch);
                } else {
                    for (int j = i; j < i + run; j++) {
                        tiles.input(sorted[j], x, firstChannel, channels, patch, input(j));
                    }
                }
                if (narrowOut && run > 1) {
                    gradientRun(i, run, dy);
                } else {
                    for (int j = i; j < i + run; j++) {
                        gradient(j, dy);
                    }
                }
            }
        }

        private WinogradTiles.Places input(int position) {
            return new WinogradTiles.Places(inputs, position * pitch, inPlace);
        }

        /** Returns the number of complete, adjacent tiles in a row from position i; at least 1. */
        private int wholeRun(int i, int count) {
            int most = tiles.wholeRun(sorted[i], sorted[i] + count - i);
            int run = 1;
            while (run < most && sorted[i + run] == sorted[i] + run) {
                run++;
            }
            return run;
        }

        private void gradient(int i, float[] dy) {
            int tile = sorted[i];
            int out = shape.outChannels();
            int rowPixels = shape.outWidth();
            int to = i * width;
            if (tiles.isWhole(tile)) {
                int from = tiles.firstPixel(tile) * out + panel.first();
                transform.gradient(
                        dy, from, LANES, width / LANES, rowPixels * out, out, gradients, to, LANES, outPlace);
                return;
            }
            int m = transform.outputs();
            var halo = new Halo(shape.outHeight(), rowPixels, out, panel.first(), width);
            halo.copy(dy, tiles.image(tile), tiles.row(tile), tiles.column(tile), m, m, patch, 0);
            transform.gradient(patch, 0, LANES, width / LANES, m * width, width, gradients, to, LANES, outPlace);
        }

        private void gradientRun(int i, int run, float[] dy) {
            int out = shape.outChannels();
            int from = tiles.firstPixel(sorted[i]) * out + panel.first();
            int step = transform.outputs() * out;
            int rowFloats = shape.outWidth() * out;
            transform.gradient(dy, from, step, run, rowFloats, out, gradients, i * width, width, outPlace);
        }

        /** Sets the sums of the piece's channels to zero. Other channels may be in use. */
        void clear(PartialSums partial, int chunk) {
            int out = shape.outChannels();
            for (int weight = 0; weight < 9; weight++) {
                int row = weight * shape.inChannels() + firstChannel;
                partial.clear(chunk, row * out + panel.first(), panel.width(), channels, out);
            }
        }

        /** Adds the weight gradient of the piece's channels. */
        void transformBack(float[] dw, int start) {
            int out = shape.outChannels();
            for (int c = 0; c < channels; c++) {
                int to = start + (firstChannel + c) * out + panel.first();
                transform.weights(sums, c * width, width / LANES, sumsPlace, dw, to, shape.inChannels() * out);
            }
        }
    }
}
