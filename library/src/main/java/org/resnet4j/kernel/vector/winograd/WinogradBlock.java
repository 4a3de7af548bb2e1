package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Product;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Windows;
import org.resnet4j.kernel.vector.product.VectorSquareTile;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;

/**
 * The computation of one piece: tiles {@code fromTile} to {@code toTile - 1}, transformed, multiplied, and transformed
 * back.
 */
final class WinogradBlock {
    /** Transformed tiles: position p of tile i is at {@code (first + i)·pitch + p·place}, with contiguous channels. */
    record Transformed(float[] array, int first, int place) {}

    private static final int LANES = VectorTiles.LANES;

    private static final Scratch.Floats PRODUCTS = new Scratch.Floats();
    private static final Scratch.Floats PATCH = new Scratch.Floats();
    private static final Scratch.Ints ROWS = new Scratch.Ints();
    private static final Scratch.Ints OUTS = new Scratch.Ints();
    private static final Scratch.Ints ROWS_LEFT = new Scratch.Ints();
    private static final Scratch.Ints COLUMNS_LEFT = new Scratch.Ints();

    private final WinogradLayer layer;
    private final WinogradTiles grid;
    private final int fromTile;
    private final int toTile;
    private final Scratch scratch;

    WinogradBlock(WinogradLayer layer, WinogradTiles grid, int fromTile, int toTile, Scratch scratch) {
        this.layer = layer;
        this.grid = grid;
        this.fromTile = fromTile;
        this.toTile = toTile;
        this.scratch = scratch;
    }

    /** Transforms the tiles of the input. */
    void transform(float[] x, Transformed target) {
        int in = layer.in();
        int pitch = WinogradLayer.pitch(in);
        int to = target.first() * pitch;
        float[] patch = scratch.get(PATCH, grid.patchFloats());
        if (in == LANES) {
            for (int tile = fromTile, run; tile < toTile; tile += run) {
                run = grid.run(tile, toTile);
                var places = new WinogradTiles.Places(target.array(), to + (tile - fromTile) * in, target.place());
                grid.inputRun(tile, run, x, 0, patch, places, in);
            }
            return;
        }
        grid.readAhead(fromTile, toTile, x, scratch);
        for (int tile = fromTile; tile < toTile; tile++) {
            var places = new WinogradTiles.Places(target.array(), to + (tile - fromTile) * pitch, target.place());
            grid.input(tile, x, 0, in, patch, places);
        }
    }

    /**
     * Multiplies the transformed tiles by the weights of some panels and transforms them back.
     *
     * @param ending the bias, the activation, and whether the previous contents of {@code y} are added
     */
    void multiply(
            Transformed transformed,
            WinogradMatrices matrices,
            int fromPanel,
            int toPanel,
            float[] y,
            Epilogue ending) {
        Panels panels = layer.panels();
        int firstChannel = panels.get(fromPanel).first();
        int channels = panels.paddedColumns(fromPanel, toPanel);
        int pitch = WinogradLayer.pitch(channels);
        int place = panels.roundUp(toTile - fromTile) * pitch + 16;
        var products =
                new Products(scratch.get(PRODUCTS, layer.places() * place), pitch, place, firstChannel, channels);
        if (layer.isSquare() && transformed.first() == 0) {
            multiplySquare(transformed, matrices, products);
        } else {
            multiply(transformed, matrices, fromPanel, toPanel, products);
        }
        transformBack(products, y, ending);
    }

    /** The products of the block's tiles, {@code channels} of them from {@code firstChannel}. */
    private record Products(float[] array, int pitch, int place, int firstChannel, int channels) {}

    private void multiplySquare(Transformed transformed, WinogradMatrices matrices, Products products) {
        int count = layer.panels().roundUp(toTile - fromTile);
        for (int place = 0; place < layer.places(); place++) {
            VectorSquareTile.multiply(
                    transformed.array(),
                    place * transformed.place(),
                    count,
                    matrices.array(),
                    place * matrices.size(),
                    products.array(),
                    place * products.place());
        }
    }

    private void multiply(
            Transformed transformed, WinogradMatrices matrices, int fromPanel, int toPanel, Products products) {
        Panels panels = layer.panels();
        int tiles = toTile - fromTile;
        int inPitch = WinogradLayer.pitch(layer.in());
        int most = panels.roundUp(layer.mostPlacesOfAMatrix() * tiles);
        int[] rows = scratch.get(ROWS, most);
        int[] outs = scratch.get(OUTS, most);
        int[] rowsLeft = scratch.get(ROWS_LEFT, tiles);
        int[] columnsLeft = scratch.get(COLUMNS_LEFT, tiles);
        for (int i = 0; i < tiles; i++) {
            rowsLeft[i] = grid.rowsLeft(fromTile + i);
            columnsLeft[i] = grid.columnsLeft(fromTile + i);
        }
        var results = new Results(products.array(), outs, -products.firstChannel());
        for (int matrix = 0; matrix < layer.matrices(); matrix++) {
            int n = 0;
            for (int place : layer.placesOf(matrix)) {
                for (int i = 0; i < tiles; i++) {
                    if (layer.isUsed(place, rowsLeft[i], columnsLeft[i])) {
                        rows[n] = place * transformed.place() + (transformed.first() + i) * inPitch;
                        outs[n++] = place * products.place() + i * products.pitch();
                    }
                }
            }
            if (n == 0) {
                continue;
            }
            int whole = panels.roundUp(n);
            Arrays.fill(rows, n, whole, rows[n - 1]);
            Arrays.fill(outs, n, whole, outs[n - 1]);
            Product.multiply(
                    Windows.ofRuns(transformed.array(), rows, whole, layer.in()),
                    matrices.matrix(matrix, panels, fromPanel, toPanel),
                    results,
                    Epilogue.NONE,
                    scratch);
        }
    }

    private void transformBack(Products products, float[] y, Epilogue ending) {
        float[] patch = scratch.get(PATCH, grid.patchFloats());
        if (layer.out() == LANES) {
            for (int tile = fromTile, run; tile < toTile; tile += run) {
                run = grid.wholeRun(tile, toTile);
                if (run > 0) {
                    outputRun(tile, run, products, y, ending);
                } else {
                    run = 1;
                    output(tile, products, y, ending, patch);
                }
            }
            return;
        }
        for (int tile = fromTile; tile < toTile; tile++) {
            output(tile, products, y, ending, patch);
        }
    }

    private void output(int tile, Products products, float[] y, Epilogue ending, float[] patch) {
        ConvolutionShape s = grid.shape();
        int m = layer.transform().outputs();
        int out = layer.out();
        int channels = products.channels();
        int to = grid.firstPixel(tile) * out + products.firstChannel();
        int rowFloats = s.outWidth() * out;
        int rows = Math.min(m, grid.rowsLeft(tile));
        int columns = Math.min(m, grid.columnsLeft(tile));
        if (rows == m && columns == m) {
            output(tile, products, new Pixels(y, to, rowFloats, out), ending);
            return;
        }
        if (ending.add()) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    System.arraycopy(y, to + r * rowFloats + c * out, patch, (r * m + c) * channels, channels);
                }
            }
        }
        output(tile, products, new Pixels(patch, 0, m * channels, channels), ending);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                System.arraycopy(patch, (r * m + c) * channels, y, to + r * rowFloats + c * out, channels);
            }
        }
    }

    /** The outputs of a tile: {@code pixel} floats apart, rows {@code rowFloats} apart, from {@code first}. */
    private record Pixels(float[] array, int first, int rowFloats, int pixel) {}

    private void output(int tile, Products products, Pixels target, Epilogue ending) {
        layer.transform()
                .output(
                        products.array(),
                        (tile - fromTile) * products.pitch(),
                        LANES,
                        products.channels() / LANES,
                        products.place(),
                        target.array(),
                        target.first(),
                        LANES,
                        target.rowFloats(),
                        target.pixel(),
                        ending.biasOfResults(),
                        products.firstChannel(),
                        LANES,
                        ending.add(),
                        ending.least());
    }

    /** Transforms back complete, adjacent tiles of a row, for a single vector of channels. */
    private void outputRun(int firstTile, int tiles, Products products, float[] y, Epilogue ending) {
        int out = layer.out();
        layer.transform()
                .output(
                        products.array(),
                        (firstTile - fromTile) * out,
                        out,
                        tiles,
                        products.place(),
                        y,
                        grid.firstPixel(firstTile) * out,
                        layer.transform().outputs() * out,
                        grid.shape().outWidth() * out,
                        out,
                        ending.biasOfResults(),
                        0,
                        0,
                        ending.add(),
                        ending.least());
    }
}
