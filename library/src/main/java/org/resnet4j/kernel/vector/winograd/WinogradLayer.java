package org.resnet4j.kernel.vector.winograd;

import java.util.stream.IntStream;
import org.resnet4j.kernel.vector.product.Panels;
import org.resnet4j.kernel.vector.product.Tile;
import org.resnet4j.kernel.vector.product.VectorSquareTile;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** A 3x3 convolution in Winograd's domain: its filtering, its channels, and the matrices that its products take. */
final class WinogradLayer {
    private final WinogradTransform transform;
    private final int in;
    private final int out;
    private final Panels panels;
    private final int side;
    private final int[] leastOutputs;
    /** For each matrix of weights the places that it is for. */
    private final int[][] placesOf;

    WinogradLayer(WinogradTransform transform, int in, int out, Panels panels) {
        this.transform = transform;
        this.in = in;
        this.out = out;
        this.panels = panels;
        int[] rows = transform.weightRows();
        this.side = rows.length;
        this.leastOutputs = transform.leastOutputs();
        this.placesOf = placesOf(rows, transform.weightMatrix().length);
    }

    private static int[][] placesOf(int[] rows, int distinct) {
        int side = rows.length;
        return IntStream.range(0, distinct * distinct)
                .mapToObj(matrix -> IntStream.range(0, side * side)
                        .filter(place -> rows[place / side] * distinct + rows[place % side] == matrix)
                        .toArray())
                .toArray(int[][]::new);
    }

    /** Rows a power of two apart would meet in the same lines of the cache. */
    static int pitch(int channels) {
        return channels % 256 == 0 ? channels + 16 : channels;
    }

    WinogradTransform transform() {
        return transform;
    }

    /** Input channels. */
    int in() {
        return in;
    }

    /** Output channels. */
    int out() {
        return out;
    }

    /** The cut of the output channels. */
    Panels panels() {
        return panels;
    }

    /** Values of a transformed tile, for each channel. */
    int places() {
        return side * side;
    }

    /** Matrices of weights; where rows of G are equal, several places share one. */
    int matrices() {
        return placesOf.length;
    }

    /** The places that are multiplied by a matrix. */
    int[] placesOf(int matrix) {
        return placesOf[matrix];
    }

    /** Most places that share a matrix. */
    int mostPlacesOfAMatrix() {
        return placesOf[placesOf.length - 1].length;
    }

    /** Returns true if a place matters to a tile with so many rows and columns of outputs left in the image. */
    boolean isUsed(int place, int rowsLeft, int columnsLeft) {
        return leastOutputs[place / side] <= rowsLeft && leastOutputs[place % side] <= columnsLeft;
    }

    /** Returns true if the product of the narrowest stage applies, which has a method of its own. */
    boolean isSquare() {
        return in == VectorSquareTile.SIZE
                && out == VectorSquareTile.SIZE
                && VectorTiles.LANES == VectorSquareTile.SIZE
                && panels.get(0).tile() == Tile.T12X1
                && placesOf.length == places();
    }
}
