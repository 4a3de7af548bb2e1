package org.resnet4j.image.codec.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a JPEG scan (ITU-T T.81, annex F). Zero bytes stuffed after 0xff are removed, and a marker ends the bits.
 * Bits beyond the end are zeros; {@link #isOverrun} reports whether any were read.
 */
final class JpegBits {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** The most bits of a code and the number after it. */
    private static final int LONGEST = 16 + 15;

    /** What no difference can be. */
    static final int DAMAGED = Integer.MIN_VALUE;

    private final byte[] bytes;
    private final int end;
    private int at;

    /** The next bits, from the highest one down; below the first {@code count} are zeros or the bits that follow. */
    private long bits;

    private int count;

    /** The number of the {@code count} bits that are beyond the end. */
    private int padding;

    JpegBits(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** Returns true if bits beyond the end of the scan were read. */
    boolean isOverrun() {
        return count < padding;
    }

    /** Returns true if a marker follows immediately, after the padding of the last byte. */
    boolean isAtMarker() {
        while (count <= 56) {
            fillByBytes();
        }
        return !isOverrun() && count - padding < 8;
    }

    /** Returns the position of the marker that ends the scan, when the bits before it have been read. */
    int markerAt() {
        return at;
    }

    /**
     * Drops the bits before the next marker and skips it; returns false if it is not the restart marker of this number.
     */
    boolean restart(int number) {
        if (isOverrun() || count - padding >= 8) {
            return false;
        }
        bits = 0;
        count = 0;
        padding = 0;
        // Everything before the marker must have been read, except the padding of the last byte.
        if (at + 1 >= end || bytes[at] != (byte) 0xff || (bytes[at + 1] & 0xff) != 0xd0 + (number & 7)) {
            return false;
        }
        at += 2;
        return true;
    }

    /** Ensures that at least 56 bits are available, of which at most 56 were before. */
    private void fill() {
        if (at + 8 <= end) {
            long next = (long) LONGS.get(bytes, at);
            long inverted = ~next;
            if ((inverted - LOW_BITS & ~inverted & HIGH_BITS) == 0) {
                bits |= next >>> count;
                at += 63 - count >> 3;
                count |= 56;
                return;
            }
        }
        fillByBytes();
    }

    private void fillByBytes() {
        bits = count == 0 ? 0 : bits & -1L << 64 - count;
        while (count <= 56) {
            long next = 0;
            if (at >= end || bytes[at] == (byte) 0xff && (at + 1 >= end || bytes[at + 1] != 0)) {
                padding += 8;
            } else {
                next = bytes[at] & 0xffL;
                at += next == 0xff ? 2 : 1;
            }
            bits |= next << 56 - count;
            count += 8;
        }
    }

    /** Returns the next {@code size} bits, at most 16, as a number. */
    int read(int size) {
        if (size == 0) {
            return 0;
        }
        if (count < size) {
            fill();
        }
        int value = (int) (bits >>> 64 - size);
        bits <<= size;
        count -= size;
        return value;
    }

    /** Returns the next symbol of a table; -1 if no code matches. */
    int symbol(JpegHuffmanTable table) {
        if (count < 16) {
            fill();
        }
        int code = table.find(bits);
        int length = code & 31;
        bits <<= length;
        count -= length;
        return code < 0 ? -1 : code >>> 8;
    }

    /**
     * Returns a number of {@code size} bits, at most 15, as T.81 encodes differences and coefficients (figure F.12).
     */
    int signed(int size) {
        return extend(read(size), size);
    }

    /** Returns the number that {@code size} bits encode. */
    static int extend(int value, int size) {
        // Without a branch, because signs cannot be predicted.
        return value - ((1 << size) - 1 & (value >>> size - 1) - 1);
    }

    /**
     * Reads the difference of a sequential block's first coefficient from the one before.
     *
     * @return the difference; {@link #DAMAGED} if no code matches
     */
    int difference(JpegHuffmanTable table) {
        if (count <= 56) {
            fill();
        }
        int code = table.find(bits);
        int size = code >>> 8;
        if (code < 0 || size > 15) {
            return DAMAGED;
        }
        bits <<= code & 31;
        int value = (int) (bits >>> 1 >>> 63 - size);
        bits <<= size;
        count -= (code & 31) + size;
        return extend(value, size);
    }

    /**
     * Reads the coefficients 1 to 63 of a sequential block, each times its quantization step.
     *
     * @param block receives the coefficients, after {@code lane}; its places must be zero
     * @param positions the place of each coefficient in zigzag order
     * @return the sum of their magnitudes; -1 if the data is damaged, or if it does not fit into an int
     */
    int readCoefficients(JpegHuffmanTable table, int[] steps, int[] block, int[] positions, int lane) {
        int[] whole = table.coefficients();
        // Fields would be written to memory for each coefficient.
        long next = bits;
        int left = count;
        long sum = 0;
        int k = 1;
        while (k < 64) {
            if (left < JpegHuffmanTable.WINDOW) {
                bits = next;
                count = left;
                fill();
                next = bits;
                left = count;
            }
            int coefficient = whole[(int) (next >>> 64 - JpegHuffmanTable.WINDOW)];
            int value;
            int length;
            if (coefficient != 0) {
                value = coefficient >> 16;
                length = coefficient & 0xff;
                k += coefficient >>> 8 & 0xff;
            } else {
                if (left < LONGEST) {
                    bits = next;
                    count = left;
                    fill();
                    next = bits;
                    left = count;
                }
                int code = table.find(next);
                if (code < 0) {
                    return -1;
                }
                int size = code >>> 8 & 15;
                int run = code >>> 12;
                length = (code & 31) + size;
                value = size == 0 ? 0 : extend((int) (next << (code & 31) >>> 64 - size), size);
                k += size == 0 && run < 15 ? 64 : run + 1;
            }
            next <<= length;
            left -= length;
            if (value != 0) {
                if (k > 64) {
                    return -1;
                }
                value *= steps[k - 1];
                block[positions[k - 1] + lane] = value;
                sum += Math.abs(value);
            }
        }
        bits = next;
        count = left;
        return sum <= Integer.MAX_VALUE ? (int) sum : -1;
    }

    /** Skips the coefficients 1 to 63 of a sequential block; returns false if the data is damaged. */
    boolean skipCoefficients(JpegHuffmanTable table) {
        int[] whole = table.skips();
        long next = bits;
        int left = count;
        int k = 1;
        while (k < 64) {
            if (left < JpegHuffmanTable.WINDOW) {
                bits = next;
                count = left;
                fill();
                next = bits;
                left = count;
            }
            int skip = whole[(int) (next >>> 64 - JpegHuffmanTable.WINDOW)];
            int place = k + (skip >>> 8 & 0xff);
            boolean ends = skip >= JpegHuffmanTable.END;
            // Bits after the last coefficient are not of this block.
            if (skip != 0 && place <= (ends ? 63 : 64)) {
                next <<= skip & 0xff;
                left -= skip & 0xff;
                k = ends ? 64 : place;
                continue;
            }
            if (left < LONGEST) {
                bits = next;
                count = left;
                fill();
                next = bits;
                left = count;
            }
            int code = table.find(next);
            if (code < 0) {
                return false;
            }
            int size = code >>> 8 & 15;
            int run = code >>> 12;
            int length = (code & 31) + size;
            next <<= length;
            left -= length;
            k += size == 0 && run < 15 ? 64 : run + 1;
            if (size > 0 && k > 64) {
                return false;
            }
        }
        bits = next;
        count = left;
        return true;
    }
}
