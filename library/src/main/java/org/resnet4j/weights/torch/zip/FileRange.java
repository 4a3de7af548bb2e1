package org.resnet4j.weights.torch.zip;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.resnet4j.weights.MalformedFileException;

/**
 * A part of a file.
 *
 * @param start its first byte
 * @param size the number of bytes, which must be inside the file
 */
public record FileRange(Path path, FileChannel channel, long start, long size) implements ByteRange {
    /** Returns the whole file. */
    public static FileRange of(Path path, FileChannel channel) throws IOException {
        return new FileRange(path, channel, 0, channel.size());
    }

    /** Returns a part of this part. */
    public FileRange slice(long from, long bytes) {
        Objects.checkFromIndexSize(from, bytes, size);
        return new FileRange(path, channel, start + from, bytes);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(position, target.remaining(), size);
        long place = start + position;
        while (target.hasRemaining()) {
            int count = channel.read(target, place);
            if (count < 0) {
                throw new EOFException(path + " was truncated while it was read");
            }
            place += count;
        }
    }

    @Override
    public MalformedFileException malformed(String reason) {
        return new MalformedFileException(path, reason);
    }

    @Override
    public MalformedFileException malformed(long position, String reason) {
        return new MalformedFileException(path, start + position, reason);
    }
}
