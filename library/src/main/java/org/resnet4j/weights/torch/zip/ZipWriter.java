package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.resnet4j.tensor.Tensor;

/**
 * A writer of zip files with stored entries whose contents begin at multiples of 64 bytes, like PyTorch's; the gaps are
 * filled by an extra field of zeros. All entries have the same timestamp, so that the same contents give the same
 * bytes. Uses Zip64 if required.
 */
public final class ZipWriter {
    private static final int ALIGNMENT = 64;
    private static final int CHUNK_BYTES = 1 << 16;

    /** PyTorch's identifier of the padding extra field. */
    private static final int FILLER_EXTRA = 0x4246;

    private static final int EXTRA_HEADER_BYTES = 4;
    private static final long MAX_32_BITS = 0xffff_ffffL;
    private static final int MAX_16_BITS = 0xffff;

    private static final int CHECKSUM_PLACE = 14;

    private static final short VERSION = 20;
    private static final short VERSION_OF_ZIP64 = 45;
    private static final short UTF_8_NAMES = 0x0800;

    /** The first of January 1980, the start of the calendar of zip files. */
    private static final short DATE = 1 << 5 | 1;

    private final FileChannel channel;
    private final boolean forceZip64;
    private final List<Written> entries = new ArrayList<>();
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * Starts a file.
     *
     * @param channel an empty channel
     * @param forceZip64 true to use 64-bit numbers even if 32 bits are sufficient
     */
    public ZipWriter(FileChannel channel, boolean forceZip64) {
        this.channel = channel;
        this.forceZip64 = forceZip64;
    }

    /** An entry that was written. */
    private record Written(byte[] name, long header, long size, int checksum) {}

    private interface Contents {
        void write(CRC32 checksum) throws IOException;
    }

    public void add(String name, byte[] contents) throws IOException {
        add(name, contents.length, checksum -> {
            checksum.update(contents);
            drain(ByteBuffer.wrap(contents));
        });
    }

    /** Writes a tensor as float32, little-endian. */
    public void add(String name, Tensor tensor) throws IOException {
        add(name, (long) tensor.size() * Float.BYTES, checksum -> {
            int most = CHUNK_BYTES / Float.BYTES;
            for (int start = 0; start < tensor.size(); start += most) {
                int count = Math.min(most, tensor.size() - start);
                chunk.clear();
                chunk.asFloatBuffer().put(tensor.array(), start, count);
                chunk.limit(count * Float.BYTES);
                checksum.update(chunk);
                drain(chunk.rewind());
            }
        });
    }

    private void add(String name, long size, Contents contents) throws IOException {
        byte[] rawName = name.getBytes(StandardCharsets.UTF_8);
        long header = channel.position();
        boolean zip64 = forceZip64 || size >= MAX_32_BITS;
        int zip64Bytes = zip64 ? EXTRA_HEADER_BYTES + 2 * Long.BYTES : 0;
        long unpadded = header + ZipFormat.LOCAL_BYTES + rawName.length + zip64Bytes + EXTRA_HEADER_BYTES;
        int filler = (int) (-unpadded & (ALIGNMENT - 1));
        int extra = zip64Bytes + EXTRA_HEADER_BYTES + filler;
        ByteBuffer local = allocate(ZipFormat.LOCAL_BYTES + rawName.length + extra);
        local.putInt(ZipFormat.LOCAL_SIGNATURE);
        common(local, zip64, 0, size);
        local.putShort((short) rawName.length).putShort((short) extra).put(rawName);
        if (zip64) {
            local.putShort((short) ZipFormat.ZIP64_EXTRA)
                    .putShort((short) (2 * Long.BYTES))
                    .putLong(size)
                    .putLong(size);
        }
        local.putShort((short) FILLER_EXTRA).putShort((short) filler);
        drain(local.clear());
        var checksum = new CRC32();
        contents.write(checksum);
        ByteBuffer late = allocate(Integer.BYTES).putInt((int) checksum.getValue());
        channel.write(late.flip(), header + CHECKSUM_PLACE);
        entries.add(new Written(rawName, header, size, (int) checksum.getValue()));
    }

    /** Writes the fields that the local header and the directory share, from the version to the sizes. */
    private static void common(ByteBuffer target, boolean zip64, int checksum, long size) {
        target.putShort(zip64 ? VERSION_OF_ZIP64 : VERSION)
                .putShort(UTF_8_NAMES)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort(DATE)
                .putInt(checksum)
                .putInt((int) (zip64 ? MAX_32_BITS : size))
                .putInt((int) (zip64 ? MAX_32_BITS : size));
    }

    /** Writes the directory. */
    public void finish() throws IOException {
        long start = channel.position();
        for (Written entry : entries) {
            drain(central(entry));
        }
        long end = channel.position();
        if (forceZip64 || entries.size() >= MAX_16_BITS || end >= MAX_32_BITS) {
            drain(zip64End(start, end));
        }
        boolean zip64 = forceZip64;
        int count = zip64 ? MAX_16_BITS : Math.min(entries.size(), MAX_16_BITS);
        ByteBuffer record = allocate(ZipFormat.END_BYTES);
        record.putInt(ZipFormat.END_SIGNATURE)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) count)
                .putShort((short) count)
                .putInt((int) (zip64 ? MAX_32_BITS : Math.min(end - start, MAX_32_BITS)))
                .putInt((int) (zip64 ? MAX_32_BITS : Math.min(start, MAX_32_BITS)));
        drain(record.clear());
    }

    private ByteBuffer central(Written entry) {
        boolean zip64 = forceZip64 || entry.size() >= MAX_32_BITS || entry.header() >= MAX_32_BITS;
        int extra = zip64 ? EXTRA_HEADER_BYTES + 3 * Long.BYTES : 0;
        ByteBuffer central = allocate(ZipFormat.CENTRAL_BYTES + entry.name().length + extra);
        central.putInt(ZipFormat.CENTRAL_SIGNATURE).putShort(zip64 ? VERSION_OF_ZIP64 : VERSION);
        common(central, zip64, entry.checksum(), entry.size());
        central.putShort((short) entry.name().length)
                .putShort((short) extra)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(0)
                .putInt((int) (zip64 ? MAX_32_BITS : entry.header()))
                .put(entry.name());
        if (zip64) {
            central.putShort((short) ZipFormat.ZIP64_EXTRA)
                    .putShort((short) (3 * Long.BYTES))
                    .putLong(entry.size())
                    .putLong(entry.size())
                    .putLong(entry.header());
        }
        return central.clear();
    }

    private ByteBuffer zip64End(long start, long end) {
        ByteBuffer record = allocate(ZipFormat.END64_BYTES + ZipFormat.LOCATOR_BYTES);
        record.putInt(ZipFormat.END64_SIGNATURE)
                .putLong(ZipFormat.END64_BYTES - 12)
                .putShort(VERSION_OF_ZIP64)
                .putShort(VERSION_OF_ZIP64)
                .putInt(0)
                .putInt(0)
                .putLong(entries.size())
                .putLong(entries.size())
                .putLong(end - start)
                .putLong(start);
        record.putInt(ZipFormat.LOCATOR_SIGNATURE).putInt(0).putLong(end).putInt(1);
        return record.clear();
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void drain(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
