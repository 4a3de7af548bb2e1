package org.resnet4j.weights.element;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A reader of contiguous little-endian elements of a file into floats. Not thread-safe. */
public final class ElementReader {
    /** A multiple of every element's size, small enough to stay in the cache between reading and decoding. */
    private static final int CHUNK_BYTES = 1 << 18;

    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * Reads some elements.
     *
     * @param path the name of the file for the message if it was truncated
     * @param offset the first byte
     * @param type the type of the elements
     * @param count the number of elements
     * @param target receives the elements from its start; may be longer
     */
    public void read(Path path, FileChannel channel, long offset, ElementType type, int count, float[] target)
            throws IOException {
        long place = offset;
        int most = CHUNK_BYTES / type.bytes();
        for (int done = 0; done < count; done += most) {
            int next = Math.min(most, count - done);
            chunk.clear().limit(next * type.bytes());
            while (chunk.hasRemaining()) {
                int read = channel.read(chunk, place);
                if (read < 0) {
                    throw new EOFException(path + " was truncated while it was read");
                }
                place += read;
            }
            type.decode(chunk.flip(), target, done, next);
        }
    }

    /**
     * Reads some elements of a file in memory.
     *
     * @param file the content of the file
     * @param offset the first byte
     * @param type the type of the elements
     * @param count the number of elements
     * @param target receives the elements from its start; may be longer
     */
    public static void read(byte[] file, int offset, ElementType type, int count, float[] target) {
        ByteBuffer bytes = ByteBuffer.wrap(file, offset, count * type.bytes()).slice();
        type.decode(bytes.order(ByteOrder.LITTLE_ENDIAN), target, 0, count);
    }
}
