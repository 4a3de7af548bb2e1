package org.resnet4j.image.codec.tiff;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A stream that expands the codes of fax machines (ITU-T T.4 and T.6; TIFF 6.0, sections 10 and 11) to rows of bits, in
 * which black is 1. A row of the wrong width is rejected as damage, not repaired.
 */
final class FaxInputStream extends InputStream {
    private static final int MAKE_UP = 64;
    private static final int END_OF_LINE_ZEROS = 11;
    private static final int FEW = 64;
    private static final int PASS = 100;
    private static final int HORIZONTAL = 101;

    /** The coding of rows. */
    enum Coding {
        /** Runs only; each row begins at a new byte. */
        ALIGNED_RUNS,
        /** An end-of-line code and runs. */
        LINES,
        /** An end-of-line code and a tag bit that selects runs or differences from the row above. */
        MIXED_LINES,
        /** Differences from the row above. */
        DIFFERENCES;

        static Coding of(TiffCompression compression, long t4Options) throws MalformedImageException {
            if (compression == TiffCompression.CCITT_T4 && (t4Options & 2) != 0) {
                throw TiffCompression.unsupported("uncompressed parts in CCITT compression");
            }
            return switch (compression) {
                case CCITT_RUNS -> ALIGNED_RUNS;
                case CCITT_T4 -> (t4Options & 1) == 0 ? LINES : MIXED_LINES;
                default -> DIFFERENCES;
            };
        }
    }

    private final InputStream in;
    private final int width;
    private final Coding coding;
    private final byte[] row;
    private int rowAt;

    /** The positions of color changes in the row above and in this one: to black, to white, and so on. */
    private int[] above;

    private int[] changes;
    private int changeCount;
    private int bits;
    private int bitCount;

    FaxInputStream(InputStream in, int width, Coding coding) {
        this.in = in;
        this.width = width;
        this.coding = coding;
        this.row = new byte[Math.ceilDiv(width, 8)];
        this.rowAt = row.length;
        this.above = new int[FEW];
        this.changes = new int[FEW];
        endRow();
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (rowAt == row.length) {
            readRow();
            rowAt = 0;
        }
        int count = Math.min(length, row.length - rowAt);
        System.arraycopy(row, rowAt, target, offset, count);
        rowAt += count;
        return count;
    }

    private void readRow() throws IOException {
        switch (coding) {
            case ALIGNED_RUNS -> {
                bitCount = 0;
                readRuns();
            }
            case LINES -> {
                passEndOfLine();
                readRuns();
            }
            case MIXED_LINES -> {
                passEndOfLine();
                if (nextBit() == 1) {
                    readRuns();
                } else {
                    readDifferences();
                }
            }
            case DIFFERENCES -> readDifferences();
        }
        paintRow();
        endRow();
    }

    private void readRuns() throws IOException {
        for (int at = 0; at < width; ) {
            at += run((changeCount & 1) == 0);
            change(at);
        }
    }

    private void readDifferences() throws IOException {
        int at = -1; // before the first pixel
        int next = 0;
        while (at < width) {
            boolean white = (changeCount & 1) == 0;
            // The first change above that is farther right and to the other color.
            while (next > 0 && above[next - 1] > at) {
                next--;
            }
            while (above[next] < width && (above[next] <= at || (next & 1) == 0 != white)) {
                next++;
            }
            int mode = mode();
            switch (mode) {
                case PASS -> at = above[next] < width ? above[next + 1] : width;
                case HORIZONTAL -> {
                    at = Math.max(at, 0) + run(white);
                    change(at);
                    at += run(!white);
                    change(at);
                }
                default -> {
                    int to = above[next] + mode;
                    if (to < Math.max(at, 0)) {
                        throw damaged();
                    }
                    at = to;
                    change(at);
                }
            }
        }
    }

    /** Reads a code of T.4, table 4: the distance of the change from the one above, or one of the two other modes. */
    private int mode() throws IOException {
        int zeros = 0;
        while (nextBit() == 0) {
            zeros++;
        }
        return switch (zeros) {
            case 0 -> 0;
            case 1 -> nextBit() == 1 ? 1 : -1;
            case 2 -> HORIZONTAL;
            case 3 -> PASS;
            case 4 -> nextBit() == 1 ? 2 : -2;
            case 5 -> nextBit() == 1 ? 3 : -3;
            default -> throw damaged();
        };
    }

    private int run(boolean white) throws IOException {
        FaxCodes codes = white ? FaxCodes.WHITE : FaxCodes.BLACK;
        int sum = 0;
        int part;
        do {
            int code = 1;
            do {
                code = code << 1 | nextBit();
                if (code >> FaxCodes.MAX_BITS > 1) {
                    throw damaged();
                }
                part = codes.run(code);
            } while (part < 0);
            sum += part;
            if (sum > width) {
                throw damaged();
            }
        } while (part >= MAKE_UP);
        return sum;
    }

    /** Records a change of color. Two changes at the same position cancel out. */
    private void change(int at) throws MalformedImageException {
        if (at > width) {
            throw damaged();
        }
        if (changeCount > 0 && changes[changeCount - 1] == at) {
            changeCount--;
        } else {
            changes[changeCount++] = at;
            if (changeCount + 2 > changes.length) { // two more at the end of the row
                changes = Arrays.copyOf(changes, 2 * changes.length);
            }
        }
    }

    private void paintRow() {
        Arrays.fill(row, (byte) 0);
        for (int i = 0; i < changeCount; i += 2) {
            int end = i + 1 < changeCount ? changes[i + 1] : width;
            for (int x = changes[i]; x < end; x++) {
                row[x >> 3] |= (byte) (0x80 >> (x & 7));
            }
        }
    }

    private void endRow() {
        changes[changeCount] = width;
        changes[changeCount + 1] = width;
        int[] finished = changes;
        changes = above;
        above = finished;
        changeCount = 0;
        rowAt = row.length;
    }

    private void passEndOfLine() throws IOException {
        int zeros = 0;
        while (nextBit() == 0) {
            zeros++;
        }
        if (zeros < END_OF_LINE_ZEROS) {
            throw damaged();
        }
    }

    private int nextBit() throws IOException {
        if (bitCount == 0) {
            bits = in.read();
            if (bits < 0) {
                throw new EOFException();
            }
            bitCount = 8;
        }
        return bits >> --bitCount & 1;
    }

    private static MalformedImageException damaged() {
        return new MalformedImageException("the CCITT data of the TIFF file are damaged");
    }
}
