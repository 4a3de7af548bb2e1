package org.resnet4j.kernel.vector.winograd;

import java.util.stream.IntStream;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Tile;
import org.resnet4j.kernel.vector.product.VectorSquareTile;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** A 3x3 convolution in Winograd's domain: its transform, its channels, and the matrices of its products. */
final class WinogradLayer {
    private final WinogradTransform transform;
    private final int in;
    private final int out;
    private final Panels panels;
    private final int side;
    private final int[] leastOutputs;
    /** The positions that use each matrix of weights. */
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

    /** Returns the distance between rows. Rows a power of two apart would map to the same cache lines. */
    static int pitch(int channels) {
        return channels % 256 == 0 ? channels + 16 : channels;
    }

    WinogradTransform transform() {
        return transform;
    }

    /** Returns the number of input channels. */
    int in() {
        return in;
    }

    /** Returns the number of output channels. */
    int out() {
        return out;
    }

    /** Returns the panels of the output channels. */
    Panels panels() {
        return panels;
    }

    /** Returns the number of values of a transformed tile for each channel. */
    int places() {
        return side * side;
    }

    /** Returns the number of weight matrices; several positions share one if rows of G are equal. */
    int matrices() {
        return placesOf.length;
    }

    /** Returns the positions that are multiplied by a matrix. */
    int[] placesOf(int matrix) {
        return placesOf[matrix];
    }

    /** Returns the maximum number of positions that share a matrix. */
    int mostPlacesOfAMatrix() {
        return placesOf[placesOf.length - 1].length;
    }

    /**
     * Returns true if a position contributes to a tile with this many rows and columns of outputs left in the image.
     */
    boolean isUsed(int place, int rowsLeft, int columnsLeft) {
        return leastOutputs[place / side] <= rowsLeft && leastOutputs[place % side] <= columnsLeft;
    }

    /** Returns true for the product of the narrowest stage, which has a separate method. */
    boolean isSquare() {
        return in == VectorSquareTile.SIZE
                && out == VectorSquareTile.SIZE
                && VectorTiles.LANES == VectorSquareTile.SIZE
                && panels.get(0).tile() == Tile.T12X1
                && placesOf.length == places();
    }
}
