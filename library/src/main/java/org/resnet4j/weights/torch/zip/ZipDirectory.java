package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.support.Printable;

/**
 * A reader of the directory of a zip file, which checks it against the local headers more strictly than general
 * readers. Rejects data before the first entry or after the end record, entries with the same name or overlapping
 * bytes, encryption, multi-part files, and methods other than stored and deflated. Zip64 is supported.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the specification</a>
 */
public final class ZipDirectory {
    /** The maximum ratio of all deflated entries to the file; weights hardly compress at all. */
    private static final int MAX_RATIO = 16;

    private static final int MAX_ENTRIES = 200_000;
    private static final int MAX_DIRECTORY_BYTES = 64 << 20;

    private static final int MAX_COMMENT_BYTES = 0xffff;
    private static final long IN_ZIP64 = 0xffff_ffffL;

    /** Encrypted, or with a masked or encrypted directory. */
    private static final int ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final FileRange file;

    private ZipDirectory(FileRange file) {
        this.file = file;
    }

    /** The position of the central directory. */
    private record Extent(long offset, long bytes, long entries) {}

    /** Returns the entries by their names, except those of folders. */
    public static Map<String, ZipEntryRange> read(FileRange file) throws IOException {
        return new ZipDirectory(file).entries();
    }

    private Map<String, ZipEntryRange> entries() throws IOException {
        Extent extent = extent();
        ByteBuffer directory = bytes(extent.offset(), (int) extent.bytes());
        var entries = new ArrayList<ZipEntryRange>();
        long inflated = 0;
        while (directory.hasRemaining()) {
            ZipEntryRange entry = entry(directory, extent.offset());
            inflated += entry.deflated() ? entry.size() : 0;
            if (inflated > MAX_RATIO * file.size()) {
                throw file.malformed(
                        entry.header(),
                        "the deflated entries claim more than " + MAX_RATIO
                                + " times the file's size, like a zip bomb. If it is not one, "
                                + "save the file again with torch.save");
            }
            entries.add(entry);
        }
        if (entries.size() != extent.entries()) {
            throw file.malformed(
                    extent.offset(),
                    "the directory lists " + entries.size() + " entries, but its end record " + extent.entries());
        }
        checkOverlap(entries, extent.offset());
        return byName(entries);
    }

    private Extent extent() throws IOException {
        long end = endRecord();
        ByteBuffer record = bytes(end, ZipFormat.END_BYTES);
        boolean spanned =
                record.getShort(4) != 0 || record.getShort(6) != 0 || record.getShort(8) != record.getShort(10);
        long directoryEnd = end;
        var extent = new Extent(
                Integer.toUnsignedLong(record.getInt(16)),
                Integer.toUnsignedLong(record.getInt(12)),
                Short.toUnsignedLong(record.getShort(10)));
        long locatorStart = end - ZipFormat.LOCATOR_BYTES;
        ByteBuffer locator = locatorStart < ZipFormat.END64_BYTES ? null : bytes(locatorStart, ZipFormat.LOCATOR_BYTES);
        if (locator != null && locator.getInt(0) == ZipFormat.LOCATOR_SIGNATURE) {
            directoryEnd = locator.getLong(8);
            if (directoryEnd < 0 || directoryEnd > locatorStart - ZipFormat.END64_BYTES) {
                throw file.malformed(locatorStart, "the zip64 end record is not before its locator");
            }
            ByteBuffer large = bytes(directoryEnd, ZipFormat.END64_BYTES);
            if (large.getInt(0) != ZipFormat.END64_SIGNATURE || large.getLong(4) != locatorStart - directoryEnd - 12) {
                throw file.malformed(directoryEnd, "this is not a zip64 end record");
            }
            spanned = large.getInt(16) != 0 || large.getInt(20) != 0 || large.getLong(24) != large.getLong(32);
            extent = new Extent(large.getLong(48), large.getLong(40), large.getLong(32));
        }
        if (spanned) {
            throw file.malformed(end, "the zip file is one part of several");
        }
        if (extent.entries() < 0 || extent.entries() > MAX_ENTRIES) {
            throw file.malformed(
                    end, Long.toUnsignedString(extent.entries()) + " entries are over the limit of " + MAX_ENTRIES);
        }
        if (extent.bytes() < 0 || extent.bytes() > MAX_DIRECTORY_BYTES) {
            throw file.malformed(
                    end,
                    "a directory of " + Long.toUnsignedString(extent.bytes()) + " bytes is over the limit of "
                            + MAX_DIRECTORY_BYTES);
        }
        if (extent.offset() < 0 || extent.offset() != directoryEnd - extent.bytes()) {
            throw file.malformed(end, "the directory of " + extent.bytes() + " bytes is not before its end record");
        }
        return extent;
    }

    /** Returns the position of the end record, which is last in the file except for a comment of known length. */
    private long endRecord() throws IOException {
        long size = file.size();
        int tail = (int) Math.min(size, ZipFormat.END_BYTES + MAX_COMMENT_BYTES);
        ByteBuffer bytes = bytes(size - tail, tail);
        for (int place = tail - ZipFormat.END_BYTES; place >= 0; place--) {
            if (bytes.getInt(place) == ZipFormat.END_SIGNATURE
                    && Short.toUnsignedInt(bytes.getShort(place + 20)) == tail - ZipFormat.END_BYTES - place) {
                return size - tail + place;
            }
        }
        throw file.malformed(size, "the zip file has no end record; is the file truncated?");
    }

    /** Reads an entry of the directory and checks its local header. */
    private ZipEntryRange entry(ByteBuffer directory, long directoryStart) throws IOException {
        int at = directory.position();
        long place = directoryStart + at;
        if (directory.remaining() < ZipFormat.CENTRAL_BYTES || directory.getInt(at) != ZipFormat.CENTRAL_SIGNATURE) {
            throw file.malformed(place, "this is not an entry of a zip directory");
        }
        int flags = directory.getShort(at + 8);
        int method = Short.toUnsignedInt(directory.getShort(at + 10));
        int checksum = directory.getInt(at + 16);
        int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(directory.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(directory.getShort(at + 32));
        int next = at + ZipFormat.CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
        if (next > directory.limit()) {
            throw file.malformed(place, "the entry ends after the directory");
        }
        var rawName = new byte[nameBytes];
        directory.get(at + ZipFormat.CENTRAL_BYTES, rawName);
        String name = name(rawName, place);
        if ((flags & ENCRYPTED_FLAGS) != 0) {
            throw file.malformed(place, "entry '" + Printable.text(name) + "' is encrypted");
        }
        if (method != STORED && method != DEFLATED) {
            throw file.malformed(
                    place,
                    "entry '" + Printable.text(name) + "' is compressed by method " + method
                            + ", supported are 0 (stored) and 8 (deflated)");
        }
        long[] numbers = {
            Integer.toUnsignedLong(directory.getInt(at + 24)),
            Integer.toUnsignedLong(directory.getInt(at + 20)),
            Integer.toUnsignedLong(directory.getInt(at + 42))
        };
        if (Arrays.stream(numbers).anyMatch(number -> number == IN_ZIP64)) {
            zip64(numbers, directory.slice(at + ZipFormat.CENTRAL_BYTES + nameBytes, extraBytes), place);
        }
        directory.position(next);
        return located(name, rawName, method, numbers, checksum, directoryStart, place);
    }

    /**
     * Replaces numbers that did not fit into 32 bits by those of the extra field: size, stored size, position, in
     * order.
     */
    private void zip64(long[] numbers, ByteBuffer extra, long place) throws IOException {
        extra.order(ByteOrder.LITTLE_ENDIAN);
        while (extra.remaining() >= 4) {
            int id = Short.toUnsignedInt(extra.getShort());
            int length = Short.toUnsignedInt(extra.getShort());
            if (length > extra.remaining()) {
                break;
            }
            if (id == ZipFormat.ZIP64_EXTRA) {
                int end = extra.position() + length;
                for (int i = 0; i < numbers.length; i++) {
                    if (numbers[i] == IN_ZIP64) {
                        if (end - extra.position() < Long.BYTES) {
                            throw file.malformed(place, "the zip64 field of the entry is too short");
                        }
                        numbers[i] = extra.getLong();
                    }
                }
                return;
            }
            extra.position(extra.position() + length);
        }
    }

    private ZipEntryRange located(
            String name, byte[] rawName, int method, long[] numbers, int checksum, long directoryStart, long place)
            throws IOException {
        long size = numbers[0];
        long stored = numbers[1];
        long header = numbers[2];
        String subject = "entry '" + Printable.text(name) + "'";
        if (header < 0 || header > directoryStart - ZipFormat.LOCAL_BYTES - rawName.length) {
            throw file.malformed(place, subject + " begins at byte " + header + ", which is not before the directory");
        }
        ByteBuffer local = bytes(header, ZipFormat.LOCAL_BYTES + rawName.length);
        if (local.getInt(0) != ZipFormat.LOCAL_SIGNATURE
                || Short.toUnsignedInt(local.getShort(8)) != method
                || Short.toUnsignedInt(local.getShort(26)) != rawName.length
                || !local.slice(ZipFormat.LOCAL_BYTES, rawName.length).equals(ByteBuffer.wrap(rawName))) {
            throw file.malformed(header, "the local header of " + subject + " differs from the directory");
        }
        long data = header + ZipFormat.LOCAL_BYTES + rawName.length + Short.toUnsignedInt(local.getShort(28));
        if (stored < 0 || stored > directoryStart - data) {
            throw file.malformed(
                    place, subject + " of " + stored + " bytes from byte " + data + " ends after the data of the file");
        }
        if (method == STORED ? size != stored : size < 0 || size > Integer.MAX_VALUE - 8) {
            throw file.malformed(
                    place,
                    subject + " claims " + size + " bytes, " + stored + " in the file"
                            + (method == DEFLATED ? ", which is not supported" : ", and is not compressed"));
        }
        return new ZipEntryRange(name, method == DEFLATED, header, data, stored, size, checksum);
    }

    /**
     * Returns the name of an entry. Nothing is ever written under these names, but names outside the folder are
     * rejected anyway.
     */
    private String name(byte[] raw, long place) throws IOException {
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw file.malformed(place, "the name of the entry is not UTF-8");
        }
        boolean leaves = name.isEmpty()
                || name.startsWith("/")
                || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0
                || List.of(name.split("/", -1)).contains("..");
        if (leaves) {
            throw file.malformed(place, "'" + Printable.text(name) + "' is not a valid name of an entry");
        }
        return name;
    }

    private void checkOverlap(List<ZipEntryRange> entries, long directoryStart) throws IOException {
        entries.sort(Comparator.comparingLong(ZipEntryRange::header));
        ZipEntryRange before = null;
        for (ZipEntryRange entry : entries) {
            if (before != null && before.end() > entry.header()) {
                throw file.malformed(
                        entry.header(),
                        "entries '" + Printable.text(before.name()) + "' and '" + Printable.text(entry.name())
                                + "' overlap");
            }
            before = entry;
        }
        if (!entries.isEmpty() && entries.getFirst().header() != 0) {
            throw file.malformed(
                    0, "the first entry begins at byte " + entries.getFirst().header());
        }
        if (before != null && before.end() > directoryStart) {
            throw file.malformed(before.header(), "the last entry overlaps the directory");
        }
    }

    private Map<String, ZipEntryRange> byName(List<ZipEntryRange> entries) throws IOException {
        var byName = new LinkedHashMap<String, ZipEntryRange>();
        for (ZipEntryRange entry : entries) {
            if (!entry.name().endsWith("/") && byName.putIfAbsent(entry.name(), entry) != null) {
                throw file.malformed(entry.header(), "two entries are named '" + Printable.text(entry.name()) + "'");
            }
        }
        return Collections.unmodifiableMap(byName);
    }

    private ByteBuffer bytes(long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        file.read(position, bytes);
        return bytes.flip();
    }
}
