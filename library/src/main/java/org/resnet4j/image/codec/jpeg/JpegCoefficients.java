package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;

/**
 * The coefficients of a progressive JPEG picture down to the last row that a part of it needs, read scan by scan (ITU-T
 * T.81, annex G).
 */
final class JpegCoefficients {
    private final JpegComponent[] all;
    private final JpegPart part;

    /** The blocks of each component row by row, in zigzag order; only the mean if a component needs no more. */
    private final short[][] values;

    private final int[] blocksWide;
    private final boolean[] begun;

    /** The number of further blocks without coefficients in the current band. */
    private int emptyBlocks;

    JpegCoefficients(JpegComponent[] all, JpegPart part) {
        this.all = all;
        this.part = part;
        values = new short[all.length][];
        blocksWide = new int[all.length];
        begun = new boolean[all.length];
        for (int c = 0; c < all.length; c++) {
            blocksWide[c] = part.unitsWide() * all[c].columns;
            int blocks = Math.multiplyExact(blocksWide[c], part.lastRow() * all[c].rows);
            values[c] = new short[Math.multiplyExact(blocks, kept(all[c]))];
        }
    }

    /** Returns the number of coefficients of each block that are kept. */
    private static int kept(JpegComponent component) {
        return component.size == 1 ? 1 : 64;
    }

    /** Reads a scan as far as the part needs it; returns false if it is damaged. */
    boolean read(JpegScan scan, JpegBits bits, int restartInterval) {
        emptyBlocks = 0;
        if (scan.first() > 0) {
            int c = indexOf(scan.components()[0]);
            if (!begun[c] || all[c].ac == null) {
                return false;
            }
            return kept(all[c]) == 1 || readAlone(scan, c, bits, restartInterval);
        }
        if (scan.last() > 0) {
            return false;
        }
        for (JpegComponent component : scan.components()) {
            int c = indexOf(component);
            boolean refining = scan.refined() > 0;
            if (begun[c] != refining || !refining && component.dc == null) {
                return false;
            }
            begun[c] = true;
        }
        return scan.components().length == 1
                ? readAlone(scan, indexOf(scan.components()[0]), bits, restartInterval)
                : readTogether(scan, bits, restartInterval);
    }

    private int indexOf(JpegComponent component) {
        for (int c = 0; c < all.length; c++) {
            if (all[c] == component) {
                return c;
            }
        }
        throw new IllegalArgumentException("not a component of this picture");
    }

    /** Reads a scan of one component, which has its blocks in order, without those that only pad units. */
    private boolean readAlone(JpegScan scan, int c, JpegBits bits, int restartInterval) {
        JpegComponent component = all[c];
        int rows = Math.min(component.blocksHigh, part.lastRow() * component.rows);
        int units = 0;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < component.blocksWide; x++, units++) {
                if (restartInterval > 0 && units > 0 && units % restartInterval == 0) {
                    if (!bits.restart(units / restartInterval - 1)) {
                        return false;
                    }
                    component.restart();
                    emptyBlocks = 0;
                }
                if (!readBlock(scan, c, (y * blocksWide[c] + x) * kept(component), bits)) {
                    return false;
                }
            }
            if (bits.isOverrun()) {
                return false;
            }
        }
        return true;
    }

    private boolean readTogether(JpegScan scan, JpegBits bits, int restartInterval) {
        int units = 0;
        for (int unitY = 0; unitY < part.lastRow(); unitY++) {
            for (int unitX = 0; unitX < part.unitsWide(); unitX++, units++) {
                if (restartInterval > 0 && units > 0 && units % restartInterval == 0) {
                    if (!bits.restart(units / restartInterval - 1)) {
                        return false;
                    }
                    for (JpegComponent component : scan.components()) {
                        component.restart();
                    }
                }
                for (JpegComponent component : scan.components()) {
                    if (!readUnit(scan, component, unitX, unitY, bits)) {
                        return false;
                    }
                }
            }
            if (bits.isOverrun()) {
                return false;
            }
        }
        return true;
    }

    private boolean readUnit(JpegScan scan, JpegComponent component, int unitX, int unitY, JpegBits bits) {
        int c = indexOf(component);
        for (int y = unitY * component.rows; y < (unitY + 1) * component.rows; y++) {
            for (int x = unitX * component.columns; x < (unitX + 1) * component.columns; x++) {
                if (!readBlock(scan, c, (y * blocksWide[c] + x) * kept(component), bits)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean readBlock(JpegScan scan, int c, int at, JpegBits bits) {
        if (scan.first() == 0) {
            return scan.refined() == 0
                    ? readMean(all[c], all[c].dc, scan, values[c], at, bits)
                    : refineMean(scan, values[c], at, bits);
        }
        JpegHuffmanTable table = all[c].ac;
        if (table == null) {
            return false;
        }
        return scan.refined() == 0
                ? readBand(table, scan, values[c], at, bits)
                : refineBand(table, scan, values[c], at, bits);
    }

    private static boolean readMean(
            JpegComponent component,
            @Nullable JpegHuffmanTable table,
            JpegScan scan,
            short[] to,
            int at,
            JpegBits bits) {
        int size = table == null ? -1 : bits.symbol(table);
        if (size < 0 || size > 15) {
            return false;
        }
        component.before += bits.signed(size);
        to[at] = (short) (component.before << scan.bit());
        return true;
    }

    private static boolean refineMean(JpegScan scan, short[] to, int at, JpegBits bits) {
        if (bits.read(1) != 0) {
            to[at] |= (short) (1 << scan.bit());
        }
        return true;
    }

    private boolean readBand(JpegHuffmanTable table, JpegScan scan, short[] to, int at, JpegBits bits) {
        if (emptyBlocks > 0) {
            emptyBlocks--;
            return true;
        }
        for (int k = scan.first(); k <= scan.last(); k++) {
            int symbol = bits.symbol(table);
            if (symbol < 0) {
                return false;
            }
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size == 0 && run < 15) {
                emptyBlocks = (1 << run) - 1 + bits.read(run);
                return true;
            }
            k += run;
            if (size > 0) {
                if (k > scan.last()) {
                    return false;
                }
                to[at + k] = (short) (bits.signed(size) << scan.bit());
            }
        }
        return true;
    }

    private boolean refineBand(JpegHuffmanTable table, JpegScan scan, short[] to, int at, JpegBits bits) {
        int k = scan.first();
        while (k <= scan.last() && emptyBlocks == 0) {
            int symbol = bits.symbol(table);
            if (symbol < 0 || (symbol & 15) > 1) {
                return false;
            }
            int run = symbol >> 4;
            int value = 0;
            if ((symbol & 15) == 1) {
                value = bits.read(1) != 0 ? 1 << scan.bit() : -1 << scan.bit();
            } else if (run < 15) {
                emptyBlocks = (1 << run) + bits.read(run);
                break;
            }
            k = refineRun(scan, k, run, to, at, bits);
            if (value != 0) {
                if (k > scan.last()) {
                    return false;
                }
                to[at + k] = (short) value;
            }
            k++;
        }
        if (emptyBlocks > 0) {
            refineRun(scan, k, 64, to, at, bits);
            emptyBlocks--;
        }
        return true;
    }

    /**
     * Adds a bit to each nonzero coefficient, and skips {@code zeros} that are zero.
     *
     * @return the position of the next zero; beyond the band if there is none
     */
    private static int refineRun(JpegScan scan, int from, int zeros, short[] to, int at, JpegBits bits) {
        int left = zeros;
        int k = from;
        for (; k <= scan.last(); k++) {
            int known = to[at + k];
            if (known == 0) {
                if (left == 0) {
                    break;
                }
                left--;
            } else if (bits.read(1) != 0 && (known & 1 << scan.bit()) == 0) {
                to[at + k] += (short) (known > 0 ? 1 << scan.bit() : -1 << scan.bit());
            }
        }
        return k;
    }

    /** Returns true if each component has coefficients and quantization steps. */
    boolean isComplete(JpegTables tables) {
        for (int c = 0; c < all.length; c++) {
            if (!begun[c] || tables.steps(all[c].stepsNumber) == null) {
                return false;
            }
        }
        return true;
    }

    /** Computes the samples of a row of units; returns false if coefficients are too large. */
    boolean transform(int unitY, JpegTables tables) {
        for (int c = 0; c < all.length; c++) {
            JpegComponent component = all[c];
            int[] steps = tables.steps(component.stepsNumber);
            if (steps == null) {
                return false;
            }
            for (int row = 0; row < component.rows; row++) {
                int y = unitY * component.rows + row;
                for (int x = part.firstColumn() * component.columns; x < part.endColumn() * component.columns; x++) {
                    int at = (y * blocksWide[c] + x) * kept(component);
                    int sum = restore(values[c], at, steps, component, row);
                    if (sum < 0 || !component.add(sum, x, unitY, row)) {
                        return false;
                    }
                }
            }
            component.endRow(unitY);
        }
        return true;
    }

    private static int restore(short[] from, int at, int[] steps, JpegComponent component, int row) {
        int[] block = component.block(row);
        int lane = component.lane(row);
        int[] positions = component.positions;
        block[lane] = from[at] * steps[0];
        long sum = 0;
        for (int k = 1; k < kept(component); k++) {
            int value = from[at + k];
            if (value != 0) {
                int coefficient = value * steps[k];
                block[positions[k] + lane] = coefficient;
                sum += Math.abs(coefficient);
            }
        }
        return sum <= Integer.MAX_VALUE ? (int) sum : -1;
    }
}
