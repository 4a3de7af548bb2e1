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
import org.resnet4j.dataset.folder.NameEncoding;
import org.resnet4j.dataset.folder.PassedOver;
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

    /** A zip file and the charset of its names without the flag for UTF-8. */
    private record Named(ZipFile zip, Charset charset) {}

    private final String source;
    private final ZipFile zip;
    private final List<String> pictures;
    private final Map<String, ZipEntry> entries;
    private final Set<String> folders;
    private final PassedOver passedOver;
    private final List<String> remarks;

    private ZipFiles(
            String source,
            Named named,
            Map<String, ZipEntry> entries,
            Set<String> folders,
            PassedOver passedOver,
            List<String> remarks) {
        this.source = source;
        this.zip = named.zip();
        this.pictures = entries.keySet().stream().sorted().toList();
        this.entries = entries;
        this.folders = folders;
        this.passedOver = passedOver;
        this.remarks = remarks;
    }

    static ZipFiles open(Path file) throws IOException {
        String source = file.toString();
        Named named;
        try {
            named = named(file);
        } catch (IOException | IllegalArgumentException failure) {
            throw new InvalidDatasetException(source, "cannot be read as a zip file: " + failure.getMessage(), failure);
        }
        try {
            return list(source, named);
        } catch (IOException | RuntimeException failure) {
            named.zip().close();
            throw failure;
        }
    }

    /**
     * Opens a zip file with names in UTF-8, or if they are not valid, in the DOS code page for Western Europe, which
     * Windows Explorer writes without declaring it.
     */
    private static Named named(Path file) throws IOException {
        try {
            return new Named(new ZipFile(file.toFile(), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        } catch (ZipException | IllegalArgumentException notUtf8) {
            if (!Charset.isSupported(DOS)) {
                throw notUtf8;
            }
            try {
                return new Named(new ZipFile(file.toFile(), Charset.forName(DOS)), Charset.forName(DOS));
            } catch (ZipException | IllegalArgumentException broken) {
                broken.addSuppressed(notUtf8);
                throw broken;
            }
        }
    }

    private static ZipFiles list(String source, Named named) throws InvalidDatasetException {
        var entries = new HashMap<String, ZipEntry>();
        var folders = new HashSet<String>();
        var passedOver = new PassedOver();
        String twice = null;
        var listed = named.zip().entries();
        while (listed.hasMoreElements()) {
            ZipEntry entry = listed.nextElement();
            ZipEntryName name = ZipEntryName.of(source, entry.getName());
            String path = name.path();
            if (name.isIgnored()) {
                if (!name.isFolder()) {
                    passedOver.add(path);
                }
                continue;
            }
            if (name.isFolder()) {
                folders.add(path);
            }
            PictureNames.addParents(path, folders);
            if (name.isFolder()) {
                continue;
            }
            if (!PictureNames.isPicture(path)) {
                passedOver.add(path);
                continue;
            }
            ZipEntryName.checkSize(source, entry.getName(), entry.getSize(), entry.getCompressedSize());
            if (entries.putIfAbsent(path, entry) != null) {
                twice = path;
            }
            if (entry.getSize() == 0) {
                passedOver.addEmpty();
            }
        }
        return new ZipFiles(
                source,
                named,
                Map.copyOf(entries),
                Set.copyOf(folders),
                passedOver,
                remarks(named.charset(), entries.keySet(), twice));
    }

    private static List<String> remarks(Charset charset, Set<String> paths, @Nullable String twice) {
        var remarks = new ArrayList<String>();
        if (!charset.equals(StandardCharsets.UTF_8)) {
            String example = paths.stream()
                    .filter(NameEncoding::isAffected)
                    .sorted()
                    .findFirst()
                    .orElse("");
            remarks.add("names in the zip file are not in UTF-8; read in the code page of DOS (850)"
                    + (example.isEmpty() ? "" : ", for example " + example));
        }
        if (twice != null) {
            remarks.add("the zip file has entries of the same name, only the first is read: " + twice);
        }
        return List.copyOf(remarks);
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
    public PassedOver passedOver() {
        return passedOver;
    }

    @Override
    public List<String> remarks() {
        return remarks;
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
