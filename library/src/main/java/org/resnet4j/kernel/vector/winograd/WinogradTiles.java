package org.resnet4j.kernel.vector.winograd;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.product.Halo;
import org.resnet4j.kernel.product.ReadAhead;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;

/**
 * The division of a batch's output into Winograd tiles, numbered image by image and row by row, and the transforms of
 * their inputs, which are padded with zeros.
 *
 * @param shape the convolution
 * @param transform its Winograd transform
 * @param rows the rows of tiles of an image
 * @param columns the columns of tiles of an image
 */
record WinogradTiles(ConvolutionShape shape, WinogradTransform transform, int rows, int columns) {
    private static final int LANES = VectorTiles.LANES;

    /** Rows of fewer tiles, or of a single vector of channels, are read almost sequentially anyway. */
    private static final int FEWEST_COLUMNS_AHEAD = 5;

    /** The maximum number of tiles of a row that are transformed together. */
    private static final int LONGEST_RUN = 16;

    static WinogradTiles of(ConvolutionShape shape, WinogradTransform transform) {
        int outputs = transform.outputs();
        return new WinogradTiles(
                shape, transform, Math.ceilDiv(shape.outHeight(), outputs), Math.ceilDiv(shape.outWidth(), outputs));
    }

    /** Returns the number of tiles of the batch. */
    int count() {
        return Math.multiplyExact(shape.batch(), rows * columns);
    }

    /** Returns the image of a tile. */
    int image(int tile) {
        return tile / (rows * columns);
    }

    /** Returns the row of a tile's first output. */
    int row(int tile) {
        return tile / columns % rows * transform.outputs();
    }

    /** Returns the column of a tile's first output. */
    int column(int tile) {
        return tile % columns * transform.outputs();
    }

    /** Returns the number of output rows from the tile's first one to the end of the image. */
    int rowsLeft(int tile) {
        return shape.outHeight() - row(tile);
    }

    /** Returns the number of output columns from the tile's first one to the end of the image. */
    int columnsLeft(int tile) {
        return shape.outWidth() - column(tile);
    }

    /** Returns true if the outputs of all tiles are inside the image. */
    boolean areWhole() {
        return shape.outHeight() % transform.outputs() == 0 && shape.outWidth() % transform.outputs() == 0;
    }

    /** Returns true if all outputs of the tile are inside the image. */
    boolean isWhole(int tile) {
        return Math.min(rowsLeft(tile), columnsLeft(tile)) >= transform.outputs();
    }

    /** Returns the position of a tile's first pixel in the output, in pixels. */
    int firstPixel(int tile) {
        return (image(tile) * shape.outHeight() + row(tile)) * shape.outWidth() + column(tile);
    }

    /** Returns the number of adjacent tiles in the row from this one, before {@code end}. */
    int run(int tile, int end) {
        return Math.min(Math.min(LONGEST_RUN, end - tile), columns - tile % columns);
    }

    /** Returns the number of complete, adjacent tiles in the row from this one, before {@code end}; may be 0. */
    int wholeRun(int tile, int end) {
        return isWhole(tile) ? Math.min(run(tile, end), columnsLeft(tile) / transform.outputs()) : 0;
    }

    /**
     * Returns the floats of a copy of the input or output of a tile, or of a run of tiles of one vector of channels.
     */
    int patchFloats() {
        int inputs = transform.inputs();
        int wide = inputs * inputs * Math.max(shape.inChannels(), shape.outChannels());
        return Math.max(wide, inputs * ((LONGEST_RUN - 1) * step() + inputs) * LANES);
    }

    /** Returns the distance between tiles, in pixels of the input. */
    private int step() {
        return transform.outputs() * shape.stride();
    }

    /** Reads ahead the inputs of a block's tiles. */
    void readAhead(int fromTile, int toTile, float[] x, Scratch scratch) {
        if (columns < FEWEST_COLUMNS_AHEAD || shape.inChannels() == LANES) {
            return;
        }
        int inputs = transform.inputs();
        int rowFloats = shape.width() * shape.inChannels();
        for (int tile = fromTile; tile < toTile; tile += columns - tile % columns) {
            int top = row(tile) * shape.stride() - 1;
            // rows shared with the previous row of tiles have been read
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

    /**
     * The destination of a transformed tile: position i of its first vector of channels is {@code array[to + i·place]}.
     */
    record Places(float[] array, int to, int place) {}

    /** Transforms some channels of the input of a tile. */
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
     * Transforms adjacent tiles of a row, for one vector of channels, from a copy of their input rows. For a single
     * tile, the loop would have only one iteration.
     *
     * @param target the destination of the first tile
     * @param pitch the distance between tiles in the result
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
