package org.resnet4j.weights.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/** A reader of the header of a file, or of the whole file. */
final class SafetensorsReader {
    /** The size of the header's length, which is first in the file and little-endian. */
    static final int LENGTH_BYTES = Long.BYTES;

    /** The limit of the specification, against denial of service. */
    static final int MAX_HEADER_BYTES = 100_000_000;

    private SafetensorsReader() {}

    static SafetensorsFile read(Path path) throws IOException {
        try (SafetensorsSource source = SafetensorsSource.open(path)) {
            return new SafetensorsFile(StateDict.copyOf(source), source.metadata());
        }
    }

    static Header readHeader(Path path) throws IOException {
        try (FileChannel channel = open(path)) {
            return header(path, channel, channel.size());
        }
    }

    static FileChannel open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder, not a safetensors file");
        }
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    /**
     * Reads the header and leaves the channel at the first byte of the data.
     *
     * @param size the number of bytes of the file
     */
    static Header header(Path path, ReadableByteChannel channel, long size) throws IOException {
        if (size < LENGTH_BYTES) {
            throw new MalformedFileException(path, size, "a file of " + size + " bytes has no header");
        }
        ByteBuffer prefix = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(path, channel, prefix);
        long length = prefix.getLong(0);
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new MalformedFileException(
                    path,
                    0,
                    "a header of " + Long.toUnsignedString(length) + " bytes is over the limit of " + MAX_HEADER_BYTES
                            + "; is this a safetensors file?");
        }
        long left = size - LENGTH_BYTES;
        if (length > left) {
            throw new MalformedFileException(
                    path, 0, "a header of " + length + " bytes does not fit the " + left + " bytes that follow");
        }
        var bytes = new byte[(int) length];
        fill(path, channel, ByteBuffer.wrap(bytes));
        if (bytes.length == 0 || bytes[0] != '{') {
            throw new MalformedFileException(path, LENGTH_BYTES, "the header does not start with '{'");
        }
        return HeaderParser.parse(path, bytes, left - length);
    }

    static void fill(Path path, ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException(path + " was truncated while it was read");
            }
        }
    }
}
