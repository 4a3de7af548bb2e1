package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.MalformedFileException;

/**
 * An entry of a zip file.
 *
 * @param header the position of its local header
 * @param data the position of its data
 * @param stored the number of bytes of its data in the file
 * @param size the number of bytes of its contents
 * @param checksum the checksum of the contents
 */
public record ZipEntryRange(
        String name, boolean deflated, long header, long data, long stored, long size, int checksum) {
    private static final int CHUNK_BYTES = 1 << 18;

    /** Returns the position after its data. */
    long end() {
        return data + stored;
    }

    /** Returns its contents. */
    public ByteRange contents(FileRange file) {
        FileRange bytes = file.slice(data, stored);
        return deflated ? new InflatedRange(bytes, name, (int) size, checksum) : bytes;
    }

    /**
     * Verifies the checksum of stored contents. Deflated ones are verified when they are inflated; entries without a
     * checksum, which PyTorch writes if told to save time, are not verified.
     *
     * @throws MalformedFileException if the checksum is wrong
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
            throw file.malformed(data, "the contents of " + Printable.text(name) + " do not match their checksum");
        }
    }
}
