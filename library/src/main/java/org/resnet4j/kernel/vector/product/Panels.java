package org.resnet4j.kernel.vector.product;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a row of channels is cut into panels as wide as a register tile, and how a matrix is packed for it.
 *
 * <p>A matrix of {@code depth} rows is packed panel after panel: each panel holds its columns of every row,
 * {@code [depth, width]}, the missing columns of the last one filled with zeros. A tile then reads its panel from front to
 * back.
 */
public final class Panels {
    /**
     * One panel.
     *
     * @param tile the register tile that computes it
     * @param first its first column
     * @param width its columns, a multiple of the lanes
     * @param columns how many of them exist: less than {@code width} in a last, partly filled panel
     * @param smallTiles whether rows that are left over have tiles of their own, where there are such
     */
    public record Panel(Tile tile, int first, int width, int columns, boolean smallTiles) {
        public boolean isFull() {
            return columns == width;
        }

        /** The tile for what {@code larger} leaves over, or null. */
        @Nullable
        Tile rest(Tile larger) {
            return smallTiles ? larger.rest() : null;
        }

        /** The tile that outer products begin with: in a panel that is not full all are computed aside, by a small one. */
        Tile outerTile() {
            return isFull() ? tile : tile.outerLast();
        }

        private int fewestRows() {
            return smallTiles ? tile.last().rows : tile.rows;
        }

        private Panel withoutSmallTiles() {
            return new Panel(tile, first, width, columns, false);
        }
    }

    private static final int TRANSPOSED_ROWS = 32;

    private final List<Panel> panels;
    private final int columns;
    private final int paddedColumns;
    private final int step;

    private Panels(List<Panel> panels, int columns, int paddedColumns) {
        this.panels = panels;
        this.columns = columns;
        this.paddedColumns = paddedColumns;
        this.step = step(panels);
    }

    /** Cuts {@code columns} into panels of 4 (where registers allow), 2 and 1 vectors of {@code lanes} floats. */
    public static Panels of(int columns, int lanes, boolean manyRegisters) {
        int vectors = Math.ceilDiv(columns, lanes);
        var panels = new ArrayList<Panel>();
        int widest = manyRegisters ? 4 : 2;
        int vector = 0;
        while (vector < vectors) {
            int wide = Math.min(widest, Integer.highestOneBit(vectors - vector));
            int first = vector * lanes;
            panels.add(new Panel(
                    Tile.of(wide, manyRegisters), first, wide * lanes, Math.min(wide * lanes, columns - first), true));
            vector += wide;
        }
        return new Panels(List.copyOf(panels), columns, vectors * lanes);
    }

    /** The same for a code path that is needed soon: one method for the compiler, not three. */
    public Panels withoutSmallTiles() {
        return new Panels(panels.stream().map(Panel::withoutSmallTiles).toList(), columns, paddedColumns);
    }

    public int count() {
        return panels.size();
    }

    public Panel get(int index) {
        return panels.get(index);
    }

    /** Floats of a packed matrix with {@code depth} rows. */
    public int packedSize(int depth) {
        return Math.multiplyExact(depth, paddedColumns);
    }

    /** Where a panel begins in a packed matrix with {@code depth} rows. */
    public int packedOffset(Panel panel, int depth) {
        return depth * panel.first();
    }

    /** Whether a plain row-major matrix already has the packed form: one panel, exactly filled. */
    public boolean plainIsPacked() {
        return panels.size() == 1 && columns == paddedColumns;
    }

    /** The next number of rows that products cover without one to spare. */
    public int roundUp(int rows) {
        return Math.ceilDiv(rows, step) * step;
    }

    /** The fewest rows that the smallest tiles of every panel cover without one to spare. */
    private static int step(List<Panel> panels) {
        int step = 1;
        while (!covers(panels, step)) {
            step++;
        }
        return step;
    }

    private static boolean covers(List<Panel> panels, int rows) {
        return panels.stream().allMatch(panel -> rows % panel.fewestRows() == 0);
    }

    /** Whether the outer products' tiles of every panel cover {@code rows} rows without one to spare. */
    public boolean outerTilesCover(int rows) {
        return panels.stream().allMatch(panel -> {
            int left = rows;
            for (Tile tile = panel.outerTile(); tile != null; tile = tile.outerRest()) {
                left -= tile.outerRows(left);
            }
            return left == 0;
        });
    }

    /**
     * Packs rows {@code from} to {@code to - 1}.
     *
     * @param source row-major with rows {@code stride} apart, from {@code offset}
     * @param packed receives the packed matrix of {@code depth} rows, from {@code packedStart}
     */
    void pack(float[] source, int offset, int stride, int from, int to, int depth, float[] packed, int packedStart) {
        for (Panel panel : panels) {
            int target = packedStart + packedOffset(panel, depth) + from * panel.width();
            for (int row = from; row < to; row++) {
                packRow(panel, source, offset + row * stride, packed, target);
                target += panel.width();
            }
        }
    }

    /** One past a panel's last column, of those that exist. */
    public int endColumn(int panel) {
        return panels.get(panel).first() + panels.get(panel).columns();
    }

    /** Columns of panels {@code from} to {@code to - 1}, with those that are filled up. */
    public int paddedColumns(int from, int to) {
        return panels.get(to - 1).first()
                + panels.get(to - 1).width()
                - panels.get(from).first();
    }

    /**
     * Packs rows for panels {@code from} to {@code to - 1}, one panel after the other.
     *
     * @param source row-major with rows {@code stride} apart, from {@code offset}
     */
    public void gather(int from, int to, float[] source, int offset, int stride, int rows, float[] packed) {
        int target = 0;
        for (int p = from; p < to; ) {
            Panel panel = panels.get(p);
            int count = 1;
            if (panel.isFull()) {
                while (p + count < to && panels.get(p + count).columns() == panel.width()) {
                    count++;
                }
                VectorTiles.gather(source, offset + panel.first(), stride, rows, panel.width(), count, packed, target);
            } else {
                for (int row = 0; row < rows; row++) {
                    packRow(panel, source, offset + row * stride, packed, target + row * panel.width());
                }
            }
            target += count * rows * panel.width();
            p += count;
        }
    }

    /** Copies one panel's part of a row and fills it with zeros. */
    static void packRow(Panel panel, float[] source, int rowStart, float[] packed, int target) {
        System.arraycopy(source, rowStart + panel.first(), packed, target, panel.columns());
        for (int column = panel.columns(); column < panel.width(); column++) {
            packed[target + column] = 0f;
        }
    }

    /** A matrix with rows and columns exchanged: column c of row r at {@code array[offset + c·stride + r]}. */
    public record Transposed(float[] array, int offset, int stride) {}

    /**
     * Packs one block of rows of one panel from the transposed matrix. Some rows at a time, so that what is written stays in
     * the first-level cache until its lines are full.
     *
     * @param firstRow start of the block in the packed matrix of {@code depth} rows
     * @param rows rows of the block
     */
    public void packTransposed(
            int panelIndex, Transposed source, int firstRow, int rows, int depth, float[] packed, int packedStart) {
        Panel panel = panels.get(panelIndex);
        float[] from = source.array();
        int width = panel.width();
        int start = packedStart + packedOffset(panel, depth) + firstRow * width;
        for (int first = 0; first < rows; first += TRANSPOSED_ROWS) {
            int end = Math.min(rows, first + TRANSPOSED_ROWS);
            for (int column = 0; column < width; column++) {
                int target = start + column;
                boolean exists = column < panel.columns();
                int at = source.offset() + (panel.first() + column) * source.stride();
                for (int row = first; row < end; row++) {
                    packed[target + row * width] = exists ? from[at + row] : 0f;
                }
            }
        }
    }
}
