package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.MalformedFileException;

/**
 * The contents of a deflated entry. The whole entry is inflated and kept when a byte is first requested: weight files
 * are rarely deflated, and {@link ZipDirectory} limits the expansion.
 */
final class InflatedRange implements ByteRange {
    private static final int CHUNK_BYTES = 1 << 16;

    private final FileRange compressed;
    private final String name;
    private final int size;
    private final int checksum;
    private byte @Nullable [] contents;

    InflatedRange(FileRange compressed, String name, int size, int checksum) {
        this.compressed = compressed;
        this.name = name;
        this.size = size;
        this.checksum = checksum;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        if (contents == null) {
            contents = inflate();
        }
        target.put(contents, Math.toIntExact(position), target.remaining());
    }

    private byte[] inflate() throws IOException {
        // One byte more than the size, to detect the end of the data and data after it.
        var inflated = new byte[size + 1];
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, compressed.size()));
        int filled = 0;
        long taken = 0;
        try (var inflater = new Inflater(true)) {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    if (taken == compressed.size()) {
                        throw malformed(filled, "the deflated data ends early");
                    }
                    chunk.clear().limit((int) Math.min(chunk.capacity(), compressed.size() - taken));
                    compressed.read(taken, chunk);
                    taken += chunk.position();
                    inflater.setInput(chunk.flip());
                }
                filled += inflater.inflate(inflated, filled, inflated.length - filled);
                if (inflater.needsDictionary()) {
                    throw malformed(filled, "the deflated data needs a dictionary");
                }
                if (filled > size) {
                    throw malformed(size, "the deflated data is longer than the " + size + " bytes it claims");
                }
            }
        } catch (DataFormatException broken) {
            throw malformed(filled, "the deflated data is damaged: " + broken.getMessage());
        }
        var actual = new CRC32();
        actual.update(inflated, 0, filled);
        if (filled != size || (int) actual.getValue() != checksum) {
            throw malformed(filled, "the deflated data does not match its length or checksum");
        }
        return inflated;
    }

    @Override
    public MalformedFileException malformed(String reason) {
        return compressed.malformed(reason);
    }

    @Override
    public MalformedFileException malformed(long position, String reason) {
        return new MalformedFileException(
                compressed.path(),
                compressed.start(),
                reason + " (at byte " + position + " of the inflated " + Printable.text(name) + ")");
    }
}
