package org.resnet4j.weights.torch.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.torch.zip.ByteRange;

/** A reader of the numbers and strings of a pickle, within its end and its limits. */
public final class PickleReader {
    /** Sufficient to describe about 400,000 tensors. */
    private static final int MAX_BYTES = 64 << 20;

    static final int MAX_STRING_BYTES = 1 << 20;

    /** The maximum length of the name of a module or class. */
    private static final int MAX_LINE_BYTES = 512;

    private static final int BUFFER_BYTES = 1 << 13;

    private final ByteRange range;
    private final long end;
    private final long maxBytes;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    /** The position of the first byte after the buffer. */
    private long next;

    /**
     * Starts reading.
     *
     * @param start the position of the pickle in the range
     */
    public PickleReader(ByteRange range, long start) {
        this(range, start, MAX_BYTES);
    }

    /**
     * Starts reading a pickle with large arrays.
     *
     * @param start the position of the pickle in the range
     * @param maxBytes the limit of its size
     */
    public PickleReader(ByteRange range, long start, long maxBytes) {
        this.range = range;
        this.next = start;
        this.maxBytes = maxBytes;
        this.end = range.size() - start > maxBytes ? start + maxBytes : range.size();
    }

    /** Returns the position of the next byte in the range. */
    public long position() {
        return next - buffer.remaining();
    }

    int u8() throws IOException {
        return Byte.toUnsignedInt(need(Byte.BYTES).get());
    }

    int u16() throws IOException {
        return Short.toUnsignedInt(need(Short.BYTES).getShort());
    }

    int i32() throws IOException {
        return need(Integer.BYTES).getInt();
    }

    /** Reads a length or an index of four bytes. */
    long u32() throws IOException {
        return Integer.toUnsignedLong(i32());
    }

    /** Reads a length of eight bytes. */
    long u64() throws IOException {
        return need(Long.BYTES).getLong();
    }

    /** Reads a double, the only big-endian number in pickles. */
    double f64() throws IOException {
        return Double.longBitsToDouble(Long.reverseBytes(u64()));
    }

    /** Reads a string in UTF-8. */
    String utf8(long length) throws IOException {
        long start = position();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(length)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed(start, "a string is not UTF-8");
        }
    }

    /** Reads a string of Python 2, which has no encoding. */
    String latin1(long length) throws IOException {
        return new String(bytes(length), StandardCharsets.ISO_8859_1);
    }

    byte[] bytes(long length) throws IOException {
        if (length < 0 || length > MAX_STRING_BYTES) {
            throw malformed(
                    position(),
                    "a string of " + Long.toUnsignedString(length) + " bytes is over the limit of " + MAX_STRING_BYTES);
        }
        checkLeft(length);
        var bytes = new byte[(int) length];
        for (int done = 0; done < bytes.length; ) {
            int count = Math.min(bytes.length - done, BUFFER_BYTES);
            need(count).get(bytes, done, count);
            done += count;
        }
        return bytes;
    }

    /** Skips bytes. */
    void skip(long length) throws IOException {
        checkLeft(length);
        long inBuffer = Math.min(length, buffer.remaining());
        buffer.position(buffer.position() + (int) inBuffer);
        next += length - inBuffer;
    }

    /** Reads ASCII up to the end of the line, which is skipped. */
    String line() throws IOException {
        long start = position();
        var line = new StringBuilder();
        for (int character = u8(); character != '\n'; character = u8()) {
            if (line.length() == MAX_LINE_BYTES) {
                throw malformed(start, "a line is longer than " + MAX_LINE_BYTES + " bytes");
            }
            line.append((char) character);
        }
        return line.toString();
    }

    /** Reports an error at a position in the range. */
    MalformedFileException malformed(long position, String reason) {
        return range.malformed(position, reason);
    }

    /** Reports an error without a position. */
    MalformedFileException malformed(String reason) {
        return range.malformed(reason);
    }

    private void checkLeft(long length) throws MalformedFileException {
        if (length < 0 || length > end - position()) {
            throw endsEarly();
        }
    }

    private ByteBuffer need(int count) throws IOException {
        if (buffer.remaining() < count) {
            buffer.compact();
            int more = (int) Math.min(buffer.remaining(), end - next);
            buffer.limit(buffer.position() + more);
            range.read(next, buffer);
            next += more;
            buffer.flip();
            if (buffer.remaining() < count) {
                throw endsEarly();
            }
        }
        return buffer;
    }

    private MalformedFileException endsEarly() {
        String reason = end < range.size()
                ? "the pickle is longer than the limit of " + maxBytes + " bytes"
                : "the pickle is incomplete; is the file truncated?";
        return malformed(end, reason);
    }
}
