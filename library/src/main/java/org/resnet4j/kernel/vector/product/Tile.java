package org.resnet4j.kernel.vector.product;

import org.jspecify.annotations.Nullable;

/**
 * The sizes of register tile that {@link VectorTiles} has.
 *
 * <p>A tile of r rows and v vectors needs r·v registers for its sums and v + 1 more. Wide tiles read less per
 * multiply-add, so channels are cut into the widest panels that fit, and a narrow rest.
 */
public enum Tile {
    T6X4(6, 4),
    T4X4(4, 4),
    T2X4(2, 4),
    T1X4(1, 4),
    T8X2(8, 2),
    T12X1(12, 1),
    T16X1(16, 1),
    T4X2(4, 2),
    T8X1(8, 1);

    /** Rows: pixels in a product, places of the window in an outer product. */
    public final int rows;

    /** Vectors of output channels. */
    final int vectors;

    Tile(int rows, int vectors) {
        this.rows = rows;
        this.vectors = vectors;
    }

    /** The tile for rows that are left over, where a smaller one is worth it; null where they are computed aside. */
    @Nullable
    Tile rest() {
        return switch (this) {
            case T6X4 -> T4X4;
            case T4X4 -> T2X4;
            case T2X4 -> T1X4;
            default -> null;
        };
    }

    /** The tile for rows of an outer product that are left over; null where they are computed aside. */
    @Nullable
    public Tile outerRest() {
        return this == T6X4 ? T4X4 : null;
    }

    /** The smallest tile of outer products that follows. */
    public Tile outerLast() {
        Tile rest = outerRest();
        return rest == null ? this : rest.outerLast();
    }

    /** How many rows of an outer product the tile takes: so many that the next one leaves the fewest over. */
    public int outerRows(int count) {
        int all = count / rows * rows;
        Tile rest = outerRest();
        boolean oneFewer = rest != null && all > 0 && (count - all + rows) % rest.rows < (count - all) % rest.rows;
        return oneFewer ? all - rows : all;
    }

    /** The smallest tile that follows. */
    Tile last() {
        Tile rest = rest();
        return rest == null ? this : rest.last();
    }

    /** The tile for a panel of this many vectors (1, 2 or 4) on a machine with 32 or 16 vector registers. */
    static Tile of(int vectors, boolean manyRegisters) {
        return switch (vectors) {
            case 4 -> T6X4;
            case 2 -> manyRegisters ? T8X2 : T4X2;
            case 1 -> manyRegisters ? T12X1 : T8X1;
            default -> throw new IllegalArgumentException("no tile is " + vectors + " vectors wide");
        };
    }
}
