package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.MalformedFileException;

/**
 * An entry of a zip file.
 *
 * @param header the byte where its local header begins
 * @param data the byte where its data begin
 * @param stored how many bytes its data take in the file
 * @param size how many bytes its contents have
 * @param checksum of the contents
 */
public record ZipEntryRange(
        String name, boolean deflated, long header, long data, long stored, long size, int checksum) {
    private static final int CHUNK_BYTES = 1 << 18;

    /** The byte after its data. */
    long end() {
        return data + stored;
    }

    /** Its contents. */
    public ByteRange contents(FileRange file) {
        FileRange bytes = file.slice(data, stored);
        return deflated ? new InflatedRange(bytes, name, (int) size, checksum) : bytes;
    }

    /**
     * Checks that stored contents are those that were written. Deflated ones are checked where they are inflated; entries
     * without a checksum, as PyTorch writes them when told to save time, are not.
     *
     * @throws MalformedFileException if they are others
     */
    public void checkStored(FileRange file) throws IOException {
        if (deflated || checksum == 0) {
            return;
        }
        FileRange bytes = file.slice(data, stored);
        var actual = new CRC32();
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(CHUNK_BYTES, Math.max(1, stored)));
        for (long done = 0; done < stored; done += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), stored - done));
            bytes.read(done, chunk);
            actual.update(chunk.flip());
        }
        if ((int) actual.getValue() != checksum) {
            throw file.malformed(data, "the contents of " + Printable.text(name) + " differ from their checksum");
        }
    }
}
