package org.resnet4j.kernel.vector.winograd;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.vector.product.Halo;
import org.resnet4j.kernel.vector.product.ReadAhead;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;

/**
 * The cut of a batch's output into Winograd's tiles, counted image by image and row by row, and the transforms of what a tile
 * sees: beyond the image's border are zeros.
 *
 * @param shape the convolution
 * @param transform its filtering
 * @param rows rows of tiles of an image
 * @param columns columns of tiles of an image
 */
record WinogradTiles(ConvolutionShape shape, WinogradTransform transform, int rows, int columns) {
    private static final int LANES = VectorTiles.LANES;

    /** Rows of fewer tiles, and of a single vector of channels, are read nearly straight on anyway. */
    private static final int FEWEST_COLUMNS_AHEAD = 5;

    /** Tiles of a row that are transformed together. */
    private static final int LONGEST_RUN = 16;

    static WinogradTiles of(ConvolutionShape shape, WinogradTransform transform) {
        int outputs = transform.outputs();
        return new WinogradTiles(
                shape, transform, Math.ceilDiv(shape.outHeight(), outputs), Math.ceilDiv(shape.outWidth(), outputs));
    }

    /** Tiles of the batch. */
    int count() {
        return Math.multiplyExact(shape.batch(), rows * columns);
    }

    /** The image that a tile belongs to. */
    int image(int tile) {
        return tile / (rows * columns);
    }

    /** The row of a tile's first output. */
    int row(int tile) {
        return tile / columns % rows * transform.outputs();
    }

    /** The column of a tile's first output. */
    int column(int tile) {
        return tile % columns * transform.outputs();
    }

    /** Rows of the output from the tile's first one to the end of the image. */
    int rowsLeft(int tile) {
        return shape.outHeight() - row(tile);
    }

    /** Columns of the output from the tile's first one to the end of the image. */
    int columnsLeft(int tile) {
        return shape.outWidth() - column(tile);
    }

    /** Whether all tiles' outputs are in the image. */
    boolean areWhole() {
        return shape.outHeight() % transform.outputs() == 0 && shape.outWidth() % transform.outputs() == 0;
    }

    /** Whether all of the tile's outputs are in the image. */
    boolean isWhole(int tile) {
        return Math.min(rowsLeft(tile), columnsLeft(tile)) >= transform.outputs();
    }

    /** The place of a tile's first pixel in the output, in pixels. */
    int firstPixel(int tile) {
        return (image(tile) * shape.outHeight() + row(tile)) * shape.outWidth() + column(tile);
    }

    /** How many tiles from this one on, and before {@code end}, are neighbors in a row. */
    int run(int tile, int end) {
        return Math.min(Math.min(LONGEST_RUN, end - tile), columns - tile % columns);
    }

    /** The same of whole tiles; may be 0. */
    int wholeRun(int tile, int end) {
        return isWhole(tile) ? Math.min(run(tile, end), columnsLeft(tile) / transform.outputs()) : 0;
    }

    /** Floats of a copy of what a tile, or a run of tiles of one vector of channels, sees or gives. */
    int patchFloats() {
        int inputs = transform.inputs();
        int wide = inputs * inputs * Math.max(shape.inChannels(), shape.outChannels());
        return Math.max(wide, inputs * ((LONGEST_RUN - 1) * step() + inputs) * LANES);
    }

    /** From one tile to the next, in pixels of the input. */
    private int step() {
        return transform.outputs() * shape.stride();
    }

    /** Reads ahead what the tiles of a block see. */
    void readAhead(int fromTile, int toTile, float[] x, Scratch scratch) {
        if (columns < FEWEST_COLUMNS_AHEAD || shape.inChannels() == LANES) {
            return;
        }
        int inputs = transform.inputs();
        int rowFloats = shape.width() * shape.inChannels();
        for (int tile = fromTile; tile < toTile; tile += columns - tile % columns) {
            int top = row(tile) * shape.stride() - 1;
            // what the row of tiles before this one saw as well has been read
            int from = Math.max(0, tile == fromTile ? top : top + inputs - step());
            int to = Math.min(shape.height(), top + inputs);
            int first = image(tile) * shape.height();
            ReadAhead.read(x, (first + from) * rowFloats, (first + to) * rowFloats, scratch);
        }
    }

    /** Reads ahead the gradients of a block's outputs. */
    void readGradientsAhead(int fromTile, int toTile, float[] dy, Scratch scratch) {
        if (columns < FEWEST_COLUMNS_AHEAD || shape.outChannels() == LANES) {
            return;
        }
        int rowFloats = shape.outWidth() * shape.outChannels();
        for (int tile = fromTile; tile < toTile; tile += columns - tile % columns) {
            int from = (image(tile) * shape.outHeight() + row(tile)) * rowFloats;
            ReadAhead.read(dy, from, from + Math.min(transform.outputs(), rowsLeft(tile)) * rowFloats, scratch);
        }
    }

    /** Where a transformed tile goes: place i of its first vector of channels to {@code array[to + i·place]}. */
    record Places(float[] array, int to, int place) {}

    /** Transforms some channels of what a tile sees. */
    void input(int tile, float[] x, int firstChannel, int channels, float[] patch, Places target) {
        int inputs = transform.inputs();
        int top = row(tile) * shape.stride() - 1;
        int left = column(tile) * shape.stride() - 1;
        int in = shape.inChannels();
        int width = shape.width();
        if (top >= 0 && left >= 0 && top + inputs <= shape.height() && left + inputs <= width) {
            int from = ((image(tile) * shape.height() + top) * width + left) * in + firstChannel;
            transform(x, from, width * in, in, channels, target);
            return;
        }
        var halo = new Halo(shape.height(), width, in, firstChannel, channels);
        halo.copy(x, image(tile), top, left, inputs, inputs, patch, 0);
        transform(patch, 0, inputs * channels, channels, channels, target);
    }

    private void transform(float[] x, int from, int rowFloats, int pixel, int channels, Places target) {
        transform.input(
                x, from, LANES, channels / LANES, rowFloats, pixel, target.array(), target.to(), LANES, target.place());
    }

    /**
     * Transforms tiles that are neighbors in a row, of one vector of channels, from a copy of the rows that they see: a tile
     * alone would be a loop of one turn.
     *
     * @param target of the first tile
     * @param pitch from one tile to the next in the result
     */
    void inputRun(int firstTile, int tiles, float[] x, int firstChannel, float[] patch, Places target, int pitch) {
        int inputs = transform.inputs();
        int seen = (tiles - 1) * step() + inputs;
        int top = row(firstTile) * shape.stride() - 1;
        int left = column(firstTile) * shape.stride() - 1;
        var halo = new Halo(shape.height(), shape.width(), shape.inChannels(), firstChannel, LANES);
        halo.copy(x, image(firstTile), top, left, inputs, seen, patch, 0);
        transform.input(
                patch,
                0,
                step() * LANES,
                tiles,
                seen * LANES,
                LANES,
                target.array(),
                target.to(),
                pitch,
                target.place());
    }
}
