package org.resnet4j.weights.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Creates zip files by hand, with arbitrary claims. */
final class HandMadeZip {
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int entries;

    /** Returns a torch.save file of a pickle and one storage with the key 0. */
    static byte[] torch(byte[] pickle, byte[] storage) {
        return new HandMadeZip()
                .stored("archive/data.pkl", pickle)
                .stored("archive/data/0", storage)
                .finish();
    }

    HandMadeZip stored(String name, byte[] contents) {
        return entry(name, 0, contents, contents.length, contents.length, checksum(contents), file.size(), 0);
    }

    HandMadeZip deflated(String name, byte[] contents) {
        byte[] packed = deflate(contents);
        return entry(name, 8, packed, packed.length, contents.length, checksum(contents), file.size(), 0);
    }

    /** Adds an entry with arbitrary claims. */
    HandMadeZip entry(
            String name,
            int method,
            byte[] data,
            long claimedStored,
            long claimedSize,
            int checksum,
            long claimedPlace,
            int flags) {
        byte[] rawName = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer local = allocate(30 + rawName.length);
        local.putInt(0x04034b50)
                .putShort((short) 20)
                .putShort((short) flags)
                .putShort((short) method)
                .putInt(0)
                .putInt(checksum)
                .putInt((int) claimedStored)
                .putInt((int) claimedSize)
                .putShort((short) rawName.length)
                .putShort((short) 0)
                .put(rawName);
        file.writeBytes(local.array());
        file.writeBytes(data);
        ByteBuffer central = allocate(46 + rawName.length);
        central.putInt(0x02014b50)
                .putShort((short) 20)
                .putShort((short) 20)
                .putShort((short) flags)
                .putShort((short) method)
                .putInt(0)
                .putInt(checksum)
                .putInt((int) claimedStored)
                .putInt((int) claimedSize)
                .putShort((short) rawName.length)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt((int) claimedPlace)
                .put(rawName);
        directory.writeBytes(central.array());
        entries++;
        return this;
    }

    byte[] finish() {
        return finish(entries, directory.size());
    }

    byte[] finish(int claimedEntries, int claimedDirectory) {
        ByteBuffer end = allocate(22);
        end.putInt(0x06054b50)
                .putInt(0)
                .putShort((short) claimedEntries)
                .putShort((short) claimedEntries)
                .putInt(claimedDirectory)
                .putInt(file.size());
        var all = new ByteArrayOutputStream();
        all.writeBytes(file.toByteArray());
        all.writeBytes(directory.toByteArray());
        all.writeBytes(end.array());
        return all.toByteArray();
    }

    static int checksum(byte[] contents) {
        var checksum = new CRC32();
        checksum.update(contents);
        return (int) checksum.getValue();
    }

    static byte[] deflate(byte[] contents) {
        var packed = new ByteArrayOutputStream();
        try (var deflater = new Deflater(9, true)) {
            deflater.setInput(contents);
            deflater.finish();
            var chunk = new byte[1 << 16];
            while (!deflater.finished()) {
                packed.write(chunk, 0, deflater.deflate(chunk));
            }
        }
        return packed.toByteArray();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
