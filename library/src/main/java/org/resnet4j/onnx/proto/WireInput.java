package org.resnet4j.onnx.proto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.resnet4j.weights.MalformedFileException;

/**
 * Reads the encoding of Protocol Buffers field by field through one buffer, whatever lengths the file claims. No value
 * reaches beyond the message that holds it. Groups, which the encoding deprecates, are refused.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public final class WireInput {
    private static final int BUFFER_BYTES = 1 << 13;
    private static final int TYPE_MASK = (1 << Wire.TYPE_BITS) - 1;
    private static final int MAX_FIELD = (1 << 29) - 1;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    /** Position in the file after the bytes of the buffer. */
    private long loaded;

    /** End of the message that is being read. */
    private long end;

    private int field;
    private int type;

    /**
     * Begins at the start of a file, which is one message.
     *
     * @param path named in errors
     */
    public WireInput(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        end = channel.size();
    }

    /** Returns the position in the file. */
    public long position() {
        return loaded - buffer.remaining();
    }

    /** Returns the bytes until the message ends. */
    public long remaining() {
        return end - position();
    }

    /** Reads the next tag of the message; returns false at the message's end. */
    public boolean next() throws IOException {
        if (remaining() == 0) {
            return false;
        }
        long tag = varint();
        long number = tag >>> Wire.TYPE_BITS;
        if (number < 1 || number > MAX_FIELD) {
            throw malformed("no field has the number " + Long.toUnsignedString(number));
        }
        field = (int) number;
        type = (int) tag & TYPE_MASK;
        return true;
    }

    /** Returns the number of the field whose tag was read last. */
    public int field() {
        return field;
    }

    /** Returns true if the value of the field is of this type of {@link Wire}. */
    public boolean is(int wireType) {
        return type == wireType;
    }

    /** Requires the value of the field to be of this type of {@link Wire}. */
    public void expect(int wireType) throws MalformedFileException {
        if (type != wireType) {
            throw new MalformedFileException(
                    path, position(), "field " + field + " is of kind " + type + " instead of " + wireType);
        }
    }

    /** Reads an integer of 64 bits. */
    public long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Wire.VARINT_BITS) {
            require(1);
            byte bits = buffer.get();
            value |= (long) (bits & Wire.MORE - 1) << shift;
            if (bits >= 0) {
                return value;
            }
        }
        throw malformed("an integer of more than ten bytes");
    }

    /** Reads a number of four bytes. */
    public float fixed32() throws IOException {
        require(Float.BYTES);
        return buffer.getFloat();
    }

    /**
     * Reads bytes into memory.
     *
     * @param count a number that the caller has limited
     */
    public byte[] bytes(int count) throws IOException {
        requireInside(count);
        var bytes = new byte[count];
        for (int start = 0; start < count; ) {
            require(1);
            int part = Math.min(count - start, buffer.remaining());
            buffer.get(bytes, start, part);
            start += part;
        }
        return bytes;
    }

    /** Moves over bytes without reading them. */
    public void skip(long count) throws IOException {
        requireInside(count);
        if (count <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) count);
        } else {
            loaded = position() + count;
            buffer.limit(0);
        }
    }

    /** Moves over the value of a field. */
    public void skipValue() throws IOException {
        switch (type) {
            case Wire.VARINT -> varint();
            case Wire.FIXED64 -> skip(Long.BYTES);
            case Wire.BYTES -> skip(varint());
            case Wire.FIXED32 -> skip(Float.BYTES);
            default -> throw malformed("field " + field + " is of kind " + type + ", which ONNX does not use");
        }
    }

    /**
     * Reads a length and confines what follows to it.
     *
     * @return the end of the message around, for {@link #leave}
     */
    public long enter() throws IOException {
        long length = varint();
        requireInside(length);
        long outer = end;
        end = position() + length;
        return outer;
    }

    /** Goes on in the message around one that was read to its end. */
    public void leave(long outer) {
        end = outer;
    }

    private void requireInside(long bytes) throws MalformedFileException {
        if (bytes < 0 || bytes > remaining()) {
            throw malformed("a length of " + Long.toUnsignedString(bytes) + " bytes where " + remaining() + " remain");
        }
    }

    private void require(int bytes) throws IOException {
        if (bytes > remaining()) {
            throw malformed("a value of " + bytes + " bytes where " + remaining() + " remain");
        }
        if (buffer.remaining() < bytes) {
            buffer.compact();
            int read = 0;
            while (read >= 0 && buffer.position() < bytes) {
                read = channel.read(buffer, loaded);
                loaded += Math.max(0, read);
            }
            buffer.flip();
            if (read < 0) {
                throw malformed("it became shorter while it was read");
            }
        }
    }

    private MalformedFileException malformed(String reason) {
        return new MalformedFileException(path, position(), "this is no ONNX file, or it is damaged: " + reason);
    }
}
