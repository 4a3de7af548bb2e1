package org.resnet4j.weights.torch;

/**
 * An entry of a zip file.
 *
 * @param header the byte where its local header begins
 * @param data the byte where its data begin
 * @param stored how many bytes its data take in the file
 * @param size how many bytes its contents have
 * @param checksum of the contents
 */
record ZipEntryRange(String name, boolean deflated, long header, long data, long stored, long size, int checksum) {
    /** The byte after its data. */
    long end() {
        return data + stored;
    }

    /** Its contents. */
    ByteRange contents(FileRange file) {
        FileRange bytes = file.slice(data, stored);
        return deflated ? new InflatedRange(bytes, name, (int) size, checksum) : bytes;
    }
}
