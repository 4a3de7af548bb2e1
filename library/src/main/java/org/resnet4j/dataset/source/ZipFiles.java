package org.resnet4j.dataset.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.resnet4j.dataset.folder.PictureNames;
import org.resnet4j.dataset.folder.ZipEntryName;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The pictures inside a zip file, read in place: nothing is extracted to disk.
 *
 * <p>Threads take turns in reading bytes ({@link ZipFile} is synchronized), which is short compared with decoding.
 * Decompression and checksums run in parallel.
 */
final class ZipFiles implements PictureFiles {
    private static final String DOS = "IBM850";

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
            ZipEntryName name = ZipEntryName.of(source, entry.getName());
            if (name.isIgnored()) {
                continue;
            }
            String path = name.path();
            if (name.isFolder()) {
                folders.add(path);
            }
            PictureNames.addParents(path, folders);
            if (!name.isFolder() && PictureNames.isPicture(path)) {
                ZipEntryName.checkSize(source, entry.getName(), entry.getSize(), entry.getCompressedSize());
                entries.putIfAbsent(path, entry);
            }
        }
        var pictures = new ArrayList<>(entries.keySet());
        pictures.sort(null);
        return new ZipFiles(source, zip, List.copyOf(pictures), Map.copyOf(entries), Set.copyOf(folders));
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
