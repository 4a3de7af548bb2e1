package org.resnet4j.dataset.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The pictures inside a zip file, read in place: nothing is extracted to disk.
 *
 * <p>Threads take turns in reading bytes ({@link ZipFile} is synchronized), which is short compared with decoding.
 * Decompression and checksums run in parallel.
 */
final class ZipFiles implements PictureFiles {
    /** Pictures are already compressed. A plain bitmap may shrink to a thousandth, but then it is small. */
    private static final long SUSPICIOUS_BYTES = 16L << 20;

    private static final long SUSPICIOUS_RATIO = 500;

    private static final String DOS = "IBM850";

    /**
     * Each parent folder is stored with its whole path, which for a very deep path would take a multiple of the file's
     * size.
     */
    private static final int MAX_DEPTH = 64;

    private static final int NAME_SHOWN = 60;

    private final String source;
    private final ZipFile zip;
    private final List<String> pictures;
    private final Map<String, ZipEntry> entries;
    private final Set<String> folders;

    private ZipFiles(
            String source, ZipFile zip, List<String> pictures, Map<String, ZipEntry> entries, Set<String> folders) {
        this.source = source;
        this.zip = zip;
        this.pictures = pictures;
        this.entries = entries;
        this.folders = folders;
    }

    static ZipFiles open(Path file) throws IOException {
        String source = file.toString();
        ZipFile zip;
        try {
            zip = named(file);
        } catch (IOException | IllegalArgumentException failure) {
            throw new InvalidDatasetException(source, "cannot be read as a zip file: " + failure.getMessage(), failure);
        }
        try {
            return list(source, zip);
        } catch (IOException | RuntimeException failure) {
            zip.close();
            throw failure;
        }
    }

    /**
     * Opens a zip file with names in UTF-8, or if they are not valid, in the DOS code page for Western Europe, which
     * Windows Explorer writes without declaring it.
     */
    private static ZipFile named(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (ZipException | IllegalArgumentException notUtf8) {
            if (!Charset.isSupported(DOS)) {
                throw notUtf8;
            }
            try {
                return new ZipFile(file.toFile(), Charset.forName(DOS));
            } catch (ZipException | IllegalArgumentException broken) {
                broken.addSuppressed(notUtf8);
                throw broken;
            }
        }
    }

    private static ZipFiles list(String source, ZipFile zip) throws InvalidDatasetException {
        var entries = new HashMap<String, ZipEntry>();
        var folders = new HashSet<String>();
        var listed = zip.entries();
        while (listed.hasMoreElements()) {
            ZipEntry entry = listed.nextElement();
            String path = entry.getName().replace('\\', '/');
            boolean folder = path.endsWith("/");
            if (folder) {
                path = path.substring(0, path.length() - 1);
            }
            while (path.startsWith("./")) {
                path = path.substring(2);
            }
            if (folder && path.equals(".")) {
                continue;
            }
            List<String> names = Arrays.asList(path.split("/", -1));
            checkPath(source, entry.getName(), names);
            if (names.stream().anyMatch(PictureFiles::isIgnored)) {
                continue;
            }
            if (folder) {
                folders.add(path);
            }
            addParents(path, folders);
            if (!folder && PictureFiles.isPicture(path)) {
                checkSize(source, entry);
                entries.putIfAbsent(path, entry);
            }
        }
        var pictures = new ArrayList<>(entries.keySet());
        pictures.sort(null);
        return new ZipFiles(source, zip, List.copyOf(pictures), Map.copyOf(entries), Set.copyOf(folders));
    }

    private static void checkPath(String source, String entry, List<String> names) throws InvalidDatasetException {
        if (names.size() > MAX_DEPTH) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry.substring(0, Math.min(entry.length(), NAME_SHOWN)) + "…' is more than "
                            + MAX_DEPTH + " folders deep; the zip file may be malicious");
        }
        boolean leaves = names.contains("..") || names.contains(".");
        boolean absolute = names.contains("") || names.getFirst().endsWith(":");
        if (leaves || absolute) {
            throw new InvalidDatasetException(
                    source, "entry '" + entry + "' does not have a plain relative path; the zip file may be malicious");
        }
    }

    private static void checkSize(String source, ZipEntry entry) throws InvalidDatasetException {
        if (entry.getSize() > MAX_FILE_BYTES) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry.getName() + "' has " + entry.getSize() + " bytes, more than the " + MAX_FILE_BYTES
                            + " allowed");
        }
        if (entry.getSize() > SUSPICIOUS_BYTES && entry.getSize() / SUSPICIOUS_RATIO > entry.getCompressedSize()) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry.getName() + "' expands from " + entry.getCompressedSize() + " to "
                            + entry.getSize() + " bytes; the zip file may be malicious");
        }
    }

    private static void addParents(String path, Set<String> folders) {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (!folders.add(path.substring(0, slash))) {
                return;
            }
        }
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public List<String> pictures() {
        return pictures;
    }

    @Override
    public Set<String> folders() {
        return folders;
    }

    @Override
    public byte[] read(String path) throws UnreadableImageException {
        ZipEntry entry = entries.get(path);
        if (entry == null) {
            throw unreadable(path, "no such picture in the zip file", null);
        }
        int size = Math.toIntExact(entry.getSize());
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(size + 1);
        } catch (IOException failure) {
            throw unreadable(path, "cannot be read: " + failure.getMessage(), failure);
        }
        if (bytes.length != size) {
            throw unreadable(
                    path,
                    "has " + (bytes.length > size ? "more" : "fewer") + " than the " + size
                            + " bytes that the zip's directory says",
                    null);
        }
        var checksum = new CRC32();
        checksum.update(bytes);
        if (checksum.getValue() != entry.getCrc()) {
            throw unreadable(
                    path,
                    "is damaged: its checksum is " + Long.toHexString(checksum.getValue()) + " instead of "
                            + Long.toHexString(entry.getCrc()),
                    null);
        }
        return bytes;
    }

    private UnreadableImageException unreadable(String path, String reason, @Nullable IOException cause) {
        return new UnreadableImageException(source + ": entry '" + path + "'", reason, cause);
    }

    /** Returns the checksum of the zip directory. */
    @Override
    public long contentCode(String path) {
        ZipEntry entry = entries.get(path);
        return entry == null ? 0 : entry.getSize() << Integer.SIZE ^ entry.getCrc();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
