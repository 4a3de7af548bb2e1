package org.resnet4j.image.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The content of one file at a time, in an array that is used again for the next one. Arrays of megabytes for each file
 * would fill the old generation of the heap.
 */
final class FileBuffer {
    /** The most bytes that are kept for the next file. */
    private static final int MOST_KEPT = 1 << 24;

    private static final int SMALLEST = 1 << 16;

    private static final ThreadLocal<FileBuffer> OF_THREAD = ThreadLocal.withInitial(FileBuffer::new);

    private byte[] bytes = new byte[SMALLEST];
    private int length;

    /** Returns the buffer of this thread, which contains what it read last. */
    static FileBuffer ofThread() {
        return OF_THREAD.get();
    }

    /** Reads a file. */
    void read(Path file) throws IOException {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[SMALLEST];
        }
        try (InputStream stream = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (size > bytes.length && size <= ImageDecoder.MAX_FILE_BYTES) {
                bytes = new byte[(int) size];
            }
            for (int count = 0; count >= 0; count = stream.read(bytes, length, bytes.length - length)) {
                length += count;
                if (length == bytes.length) {
                    int next = stream.read();
                    if (next < 0) {
                        return;
                    }
                    bytes = Arrays.copyOf(bytes, Math.addExact(length, length / 2));
                    bytes[length++] = (byte) next;
                }
            }
        }
    }

    /** Returns the array, whose first {@link #length} bytes are the file. The next {@link #read} overwrites it. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Returns the file in an array of its own, which {@link #read} does not overwrite. */
    byte[] take() {
        if (length < bytes.length) {
            return Arrays.copyOf(bytes, length);
        }
        byte[] whole = bytes;
        bytes = new byte[SMALLEST];
        return whole;
    }
}
