package org.resnet4j.spark.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.PictureNames;
import org.resnet4j.dataset.folder.ZipEntryName;

/**
 * The pictures inside a zip file of any file system. Only its directory is read by the driver; each task seeks the
 * entries of its share.
 */
final class ZipListing {
    private static final String DOS = "IBM850";

    private ZipListing() {}

    /** A reader of entries by their names. */
    private record Reader(String source, String path, String charset) implements PictureReader {
        @Override
        public Open open(Configuration hadoop) throws IOException {
            Path file = new Path(path);
            return new Entries(this, ZipListing.open(file.getFileSystem(hadoop), file, Charset.forName(charset)));
        }
    }

    /** An open zip file. */
    private record Entries(Reader reader, ZipFile zip) implements PictureReader.Open {
        @Override
        public byte[] read(ListedPicture picture) throws IOException {
            String name = reader.source() + ": entry '" + picture.path() + "'";
            ZipArchiveEntry entry = zip.getEntry(picture.location());
            if (entry == null) {
                throw new IOException(name + " is no longer in the zip file");
            }
            int size = Math.toIntExact(picture.bytes());
            byte[] bytes;
            try (InputStream in = zip.getInputStream(entry)) {
                bytes = in.readNBytes(size + 1);
            } catch (IOException failure) {
                throw new IOException(name + " cannot be read: " + failure.getMessage(), failure);
            }
            if (bytes.length != size) {
                throw new IOException(name + " has " + (bytes.length > size ? "more" : "fewer") + " than the " + size
                        + " bytes that the zip's directory says");
            }
            var checksum = new CRC32();
            checksum.update(bytes);
            if (checksum.getValue() != entry.getCrc()) {
                throw new IOException(name + " is damaged: its checksum is " + Long.toHexString(checksum.getValue())
                        + " instead of " + Long.toHexString(entry.getCrc()));
            }
            return bytes;
        }

        @Override
        public String uri(ListedPicture picture) {
            return reader.path() + "!/" + picture.path();
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    static PictureListing list(String source, FileSystem files, Path path) throws IOException {
        Path file = files.makeQualified(path);
        Charset charset = charset(source, files, file);
        var pictures = new ArrayList<ListedPicture>();
        var paths = new HashSet<String>();
        var folders = new HashSet<String>();
        try (ZipFile zip = open(files, file, charset)) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                ZipEntryName name = ZipEntryName.of(source, entry.getName());
                if (name.isIgnored()) {
                    continue;
                }
                if (name.isFolder()) {
                    folders.add(name.path());
                }
                PictureNames.addParents(name.path(), folders);
                if (!name.isFolder() && PictureNames.isPicture(name.path())) {
                    check(source, zip, entry);
                    if (paths.add(name.path())) {
                        pictures.add(new ListedPicture(name.path(), entry.getName(), entry.getSize()));
                    }
                }
            }
        }
        pictures.sort(Comparator.comparing(ListedPicture::path));
        var reader = new Reader(source, file.toString(), charset.name());
        return new PictureListing(source, reader, pictures, Set.copyOf(folders));
    }

    private static void check(String source, ZipFile zip, ZipArchiveEntry entry) throws InvalidDatasetException {
        ZipEntryName.checkSize(source, entry.getName(), entry.getSize(), entry.getCompressedSize());
        if (!zip.canReadEntryData(entry)) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry.getName() + "' is encrypted, or compressed by a method that is not known");
        }
    }

    /** Returns UTF-8, or the DOS code page of Western Europe, which Windows Explorer writes without declaring it. */
    private static Charset charset(String source, FileSystem files, Path file) throws IOException {
        try (ZipFile zip = open(files, file, StandardCharsets.UTF_8)) {
            boolean valid = Collections.list(zip.getEntries()).stream().allMatch(entry -> isUtf8(entry.getRawName()));
            return valid || !Charset.isSupported(DOS) ? StandardCharsets.UTF_8 : Charset.forName(DOS);
        } catch (IOException | IllegalArgumentException failure) {
            throw new InvalidDatasetException(
                    source, "neither a folder nor a zip file that can be read: " + failure.getMessage(), failure);
        }
    }

    private static boolean isUtf8(byte[] name) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }

    private static ZipFile open(FileSystem files, Path file, Charset charset) throws IOException {
        var channel = new SeekableFile(files, file);
        try {
            return ZipFile.builder()
                    .setSeekableByteChannel(channel)
                    .setCharset(charset)
                    .setIgnoreLocalFileHeader(true) // it would be read for every entry
                    .get();
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }
}
