package org.resnet4j.image.codec.webp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * The bits of a lossless WebP stream, the lowest of each byte first (RFC 9649, section 3.1). At most 64 bits can be
 * read beyond the end before reading fails; {@link #checkEnd} reports whether any were.
 */
final class Vp8lBits {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    /** The next bits, from the lowest one up; above the first {@code count} are zeros or the bits that follow. */
    private long bits;

    private int count;

    /** The number of the {@code count} bits that are past the end. */
    private int padding;

    Vp8lBits(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** Rejects the stream if bits beyond its end were read. */
    void checkEnd() throws MalformedImageException {
        if (count < padding) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
    }

    /** Ensures that at least 57 bits are available. */
    private void fill() throws MalformedImageException {
        if (end - at >= Long.BYTES) {
            bits |= (long) LONGS.get(bytes, at) << count;
            at += 63 - count >> 3;
            count |= 56;
            return;
        }
        checkEnd();
        while (count <= 56) {
            if (at < end) {
                bits |= (bytes[at++] & 0xffL) << count;
            } else {
                padding += 8;
            }
            count += 8;
        }
    }

    /** Returns the next {@code size} bits, at most 18, as a number. */
    int read(int size) throws MalformedImageException {
        if (count < size) {
            fill();
        }
        int value = (int) bits & (1 << size) - 1;
        bits >>>= size;
        count -= size;
        return value;
    }

    boolean flag() throws MalformedImageException {
        return read(1) == 1;
    }

    /** Returns the next symbol of a prefix code. */
    int symbol(Vp8lPrefixCode code) throws MalformedImageException {
        if (count < Vp8lPrefixCode.MAX_BITS) {
            fill();
        }
        int found = code.find((int) bits);
        int length = found & 15;
        bits >>>= length;
        count -= length;
        return found >>> 4;
    }
}
