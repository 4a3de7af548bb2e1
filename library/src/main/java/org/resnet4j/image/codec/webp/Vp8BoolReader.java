package org.resnet4j.image.codec.webp;

/**
 * VP8's arithmetic decoder (RFC 6386, section 7). Beyond the end of its data it reads zeros; {@link #isOverrun} reports
 * this, which libwebp also treats as the end of the picture.
 */
final class Vp8BoolReader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int value;

    /** The number of bits of {@link #value} below the eight that are compared; negative if a byte is missing. */
    private int spareBits = -8;

    private int rangeLessOne = 254;
    private boolean overrun;

    Vp8BoolReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.overrun = start >= end;
    }

    /** Returns true if a byte beyond the end of the data was read. */
    boolean isOverrun() {
        return overrun;
    }

    /** Returns one bit that is 0 with a probability of {@code probability} / 256. */
    int bit(int probability) {
        if (spareBits < 0) {
            value = value << 8 | nextByte();
            spareBits += 8;
        }
        int split = rangeLessOne * probability >> 8;
        int bit;
        if (value >> spareBits > split) {
            rangeLessOne -= split + 1;
            value -= split + 1 << spareBits;
            bit = 1;
        } else {
            rangeLessOne = split;
            bit = 0;
        }
        int shift = Integer.numberOfLeadingZeros(rangeLessOne + 1) - 24;
        rangeLessOne = (rangeLessOne + 1 << shift) - 1;
        spareBits -= shift;
        return bit;
    }

    private int nextByte() {
        if (at < end) {
            return bytes[at++] & 0xff;
        }
        overrun = true;
        return 0;
    }

    boolean flag() {
        return bit(128) == 1;
    }

    /** Returns an unsigned number of {@code bits} bits. */
    int literal(int bits) {
        int number = 0;
        for (int i = 0; i < bits; i++) {
            number = number << 1 | bit(128);
        }
        return number;
    }

    /** Returns a number with a magnitude of {@code bits} bits and a sign. */
    int signed(int bits) {
        int magnitude = literal(bits);
        return flag() ? -magnitude : magnitude;
    }

    /** Returns a signed number if the flag before it is set, otherwise 0. */
    int optionalSigned(int bits) {
        return flag() ? signed(bits) : 0;
    }
}
