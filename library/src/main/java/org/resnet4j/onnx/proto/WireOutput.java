package org.resnet4j.onnx.proto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Writes the encoding of Protocol Buffers through one buffer.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public final class WireOutput {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_VARINT_BYTES = 10;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    public WireOutput(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Returns the bytes that {@link #tag} writes. */
    static long tagSize(int field) {
        return varintSize((long) field << Wire.TYPE_BITS);
    }

    /** Returns the bytes that {@link #varint} writes. */
    static long varintSize(long value) {
        long bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(value));
        return Math.ceilDiv(bits, Wire.VARINT_BITS);
    }

    /**
     * Begins a field.
     *
     * @param type one of the types of {@link Wire}
     */
    void tag(int field, int type) throws IOException {
        varint((long) field << Wire.TYPE_BITS | type);
    }

    /** Writes an integer of 64 bits, or a length. */
    void varint(long value) throws IOException {
        reserve(MAX_VARINT_BYTES);
        long rest = value;
        while (rest >>> Wire.VARINT_BITS != 0) {
            buffer.put((byte) (rest | Wire.MORE));
            rest >>>= Wire.VARINT_BITS;
        }
        buffer.put((byte) rest);
    }

    /** Writes a number of 32 bits. */
    void fixed32(float value) throws IOException {
        reserve(Float.BYTES);
        buffer.putFloat(value);
    }

    /** Writes a number of 64 bits. */
    void fixed64(long value) throws IOException {
        reserve(Long.BYTES);
        buffer.putLong(value);
    }

    /** Writes bytes verbatim. */
    void bytes(byte[] value) throws IOException {
        for (int start = 0; start < value.length; start += BUFFER_BYTES) {
            int count = Math.min(BUFFER_BYTES, value.length - start);
            reserve(count);
            buffer.put(value, start, count);
        }
    }

    /** Hands everything to the channel. */
    public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }
}
