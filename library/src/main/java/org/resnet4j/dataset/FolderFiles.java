package org.resnet4j.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** The pictures below a folder; links are followed. */
final class FolderFiles implements PictureFiles {
    /** So many files, and bytes in all, are read for their checksums; of larger folders the sizes have to do. */
    private static final int FEW_FILES = 10_000;

    private static final long FEW_BYTES = 64L << 20;

    private final Path root;
    private final List<String> pictures;
    private final long[] sizes;
    private final boolean small;
    private final Set<String> folders;

    /** A picture and its size in bytes. */
    private record Found(String path, long size) {}

    private FolderFiles(Path root, List<Found> found, Set<String> folders) {
        this.root = root;
        this.pictures = found.stream().map(Found::path).toList();
        this.sizes = found.stream().mapToLong(Found::size).toArray();
        this.small = sizes.length <= FEW_FILES && Arrays.stream(sizes).sum() <= FEW_BYTES;
        this.folders = folders;
    }

    static FolderFiles open(Path root) throws IOException {
        var pictures = new ArrayList<Found>();
        var folders = new HashSet<String>();
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                        if (folder.equals(root)) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (PictureFiles.isIgnored(name(folder))) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        folders.add(relative(root, folder));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = name(file);
                        if (attributes.isRegularFile()
                                && !PictureFiles.isIgnored(name)
                                && PictureFiles.isPicture(name)) {
                            pictures.add(new Found(relative(root, file), attributes.size()));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                        throw new InvalidDatasetException(
                                root.toString(), "cannot read " + file + ": " + failure, failure);
                    }
                });
        pictures.sort(Comparator.comparing(Found::path));
        return new FolderFiles(root, pictures, Set.copyOf(folders));
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static String relative(Path root, Path path) {
        return root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    @Override
    public String source() {
        return root.toString();
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
    public byte[] read(String path) throws IOException {
        Path file = root.resolve(path);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IOException(file + ": larger than " + MAX_FILE_BYTES + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException gone) {
            throw new IOException(file + ": the file is gone", gone);
        } catch (AccessDeniedException denied) {
            throw new IOException(file + ": the file may not be read", denied);
        }
    }

    @Override
    public long contentCode(String path) {
        int index = Collections.binarySearch(pictures, path);
        return index < 0 ? 0 : sizes[index] << Integer.SIZE ^ (small ? checksum(path) : 0);
    }

    /** 0 where a picture cannot be read: whoever needs it says so. */
    private long checksum(String path) {
        var checksum = new CRC32();
        try {
            checksum.update(read(path));
        } catch (IOException unreadable) {
            return 0;
        }
        return checksum.getValue();
    }

    @Override
    public void close() {}
}
