package org.resnet4j.kernel.product;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The division of a row of channels into panels as wide as a register tile, and the packing of a matrix for it.
 *
 * <p>A matrix of {@code depth} rows is packed panel after panel: each panel contains its columns of every row,
 * {@code [depth, width]}, and missing columns of the last panel are zero. A tile then reads its panel sequentially.
 */
public final class Panels {
    /**
     * One panel.
     *
     * @param tile the register tile that computes it
     * @param first its first column
     * @param width its columns, a multiple of the lanes
     * @param columns the number of existing columns: less than {@code width} in a partly filled last panel
     * @param smallTiles true if smaller tiles compute the remaining rows, where such tiles exist
     */
    public record Panel(Tile tile, int first, int width, int columns, boolean smallTiles) {
        public boolean isFull() {
            return columns == width;
        }

        /** Returns the tile for the rows that {@code larger} leaves over, or null. */
        public @Nullable Tile rest(Tile larger) {
            return smallTiles ? larger.rest() : null;
        }

        /**
         * Returns the first tile of outer products; a partly filled panel uses only the smallest tile, which is copied.
         */
        public Tile outerTile() {
            return isFull() ? tile : tile.outerLast();
        }

        /**
         * Returns the number of rows of an outer product that tiles cover exactly, without those of a partly filled panel.
         */
        public int outerRows(int rows) {
            return isFull() ? rows - outerRest(rows) : 0;
        }

        /** Returns the number of rows of an outer product that the last tile leaves over. */
        private int outerRest(int rows) {
            int left = rows;
            for (Tile next = outerTile(); next != null; next = next.outerRest()) {
                left -= next.outerRows(left);
            }
            return left;
        }

        private int fewestRows() {
            return smallTiles ? tile.last().rows : tile.rows;
        }

        private Panel withoutSmallTiles() {
            return new Panel(tile, first, width, columns, false);
        }
    }

    private static final int TRANSPOSED_ROWS = 64;

    private final List<Panel> panels;
    private final int columns;
    private final int paddedColumns;
    private final int step;
    private final PanelProduct product;

    private Panels(List<Panel> panels, int columns, int paddedColumns, PanelProduct product) {
        this.product = product;
        this.panels = panels;
        this.columns = columns;
        this.paddedColumns = paddedColumns;
        this.step = step(panels);
    }

    /** Divides {@code columns} into panels of 4 (with enough registers), 2 and 1 vectors. */
    public static Panels of(int columns, Tiling tiling) {
        int lanes = tiling.lanes();
        boolean manyRegisters = tiling.manyRegisters();
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
        return new Panels(List.copyOf(panels), columns, vectors * lanes, tiling.product());
    }

    /** Returns these panels without small tiles, for code that must be compiled soon: one method instead of three. */
    public Panels withoutSmallTiles() {
        return new Panels(panels.stream().map(Panel::withoutSmallTiles).toList(), columns, paddedColumns, product);
    }

    /** Returns the product of rows with one of these panels. */
    public PanelProduct product() {
        return product;
    }

    public int count() {
        return panels.size();
    }

    /** Returns the number of columns, without padding. */
    public int columns() {
        return columns;
    }

    public Panel get(int index) {
        return panels.get(index);
    }

    /** Returns the number of floats of a packed matrix with {@code depth} rows. */
    public int packedSize(int depth) {
        return Math.multiplyExact(depth, paddedColumns);
    }

    /** Returns the offset of a panel in a packed matrix with {@code depth} rows. */
    public int packedOffset(Panel panel, int depth) {
        return depth * panel.first();
    }

    /** Returns true if a row-major matrix already has the packed form: a single full panel. */
    public boolean plainIsPacked() {
        return panels.size() == 1 && columns == paddedColumns;
    }

    /** Returns the number of rows, rounded up so that products cover them with complete tiles. */
    public int roundUp(int rows) {
        return Math.ceilDiv(rows, step) * step;
    }

    /** Returns the smallest number of rows that the smallest tiles of every panel cover exactly. */
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

    /** Returns true if the tiles of outer products cover {@code rows} rows of every panel exactly. */
    public boolean outerTilesCover(int rows) {
        return panels.stream().allMatch(panel -> panel.outerRest(rows) == 0);
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

    /** Returns the column after the last existing one of a panel. */
    public int endColumn(int panel) {
        return panels.get(panel).first() + panels.get(panel).columns();
    }

    /** Returns the number of columns of panels {@code from} to {@code to - 1}, including padding. */
    public int paddedColumns(int from, int to) {
        return panels.get(to - 1).first()
                + panels.get(to - 1).width()
                - panels.get(from).first();
    }

    /** Copies a panel's part of a row and pads it with zeros. */
    public static void packRow(Panel panel, float[] source, int rowStart, float[] packed, int target) {
        System.arraycopy(source, rowStart + panel.first(), packed, target, panel.columns());
        for (int column = panel.columns(); column < panel.width(); column++) {
            packed[target + column] = 0f;
        }
    }

    /** A transposed matrix: column c of row r is at {@code array[offset + c·stride + r]}. */
    public record Transposed(float[] array, int offset, int stride) {}

    /**
     * Packs one block of rows of one panel from the transposed matrix. Packs some rows at a time, so that written cache
     * lines stay in the first-level cache until they are full.
     *
     * @param firstRow the start of the block in the packed matrix of {@code depth} rows
     * @param rows the rows of the block
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
