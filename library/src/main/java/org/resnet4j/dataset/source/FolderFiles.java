package org.resnet4j.dataset.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.NameEncoding;
import org.resnet4j.dataset.folder.PassedOver;
import org.resnet4j.dataset.folder.PictureNames;
import org.resnet4j.image.file.UnreadableImageException;

/** The pictures below a folder; links are followed. */
final class FolderFiles implements PictureFiles {
    /**
     * The maximum number of files, and of bytes in total, for checksums; larger folders are identified by their sizes.
     */
    private static final int FEW_FILES = 10_000;

    private static final long FEW_BYTES = 64L << 20;

    private final Path root;
    private final List<String> pictures;
    private final long[] sizes;
    private final boolean small;
    private final Set<String> folders;
    private final PassedOver passedOver;

    /** A picture and its size in bytes. */
    private record Found(String path, long size) {}

    private FolderFiles(Path root, List<Found> found, Set<String> folders, PassedOver passedOver) {
        this.root = root;
        this.pictures = found.stream().map(Found::path).toList();
        this.sizes = found.stream().mapToLong(Found::size).toArray();
        this.small = sizes.length <= FEW_FILES && Arrays.stream(sizes).sum() <= FEW_BYTES;
        this.folders = folders;
        this.passedOver = passedOver;
    }

    static FolderFiles open(Path root) throws IOException {
        var pictures = new ArrayList<Found>();
        var folders = new HashSet<String>();
        var passedOver = new PassedOver();
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                            throws IOException {
                        if (folder.equals(root)) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (PictureNames.isIgnored(name(folder))) {
                            passedOver.addFolder();
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        checkName(root, folder);
                        folders.add(relative(root, folder));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        String name = name(file);
                        if (attributes.isRegularFile()
                                && !PictureNames.isIgnored(name)
                                && PictureNames.isPicture(name)) {
                            checkName(root, file);
                            pictures.add(new Found(relative(root, file), attributes.size()));
                            if (attributes.size() == 0) {
                                passedOver.addEmpty();
                            }
                        } else if (attributes.isSymbolicLink()) {
                            passedOver.addBrokenLink(relative(root, file));
                        } else {
                            passedOver.add(relative(root, file));
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
        return new FolderFiles(root, pictures, Set.copyOf(folders), passedOver);
    }

    /**
     * Rejects a name with bytes that are invalid in the encoding of file names. They are lost in the decoded name, so
     * the file could not be opened, and a class would get another name.
     */
    private static void checkName(Path root, Path path) throws InvalidDatasetException {
        String name = name(path);
        if (name.indexOf(NameEncoding.NO_CHARACTER) >= 0 && !isFound(path, name)) {
            Path parent = path.getParent();
            throw new InvalidDatasetException(
                    root.toString(),
                    "in the folder '" + (parent == null ? root : parent) + "' the name '" + name
                            + "' contains bytes that are not valid in " + NameEncoding.name()
                            + ", the encoding of file names; rename it, or choose a locale with its encoding,"
                            + " such as LC_ALL=C.UTF-8");
        }
    }

    private static boolean isFound(Path path, String name) {
        try {
            return Files.exists(path.resolveSibling(name));
        } catch (InvalidPathException notInThisEncoding) {
            return false;
        }
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
    public PassedOver passedOver() {
        return passedOver;
    }

    @Override
    public byte[] read(String path) throws UnreadableImageException {
        Path file = root.resolve(path);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) PictureNames.MAX_FILE_BYTES + 1);
            if (bytes.length > PictureNames.MAX_FILE_BYTES) {
                throw new UnreadableImageException(
                        file.toString(), "larger than " + PictureNames.MAX_FILE_BYTES + " bytes");
            }
            return bytes;
        } catch (UnreadableImageException large) {
            throw large;
        } catch (NoSuchFileException gone) {
            throw new UnreadableImageException(file.toString(), "the file no longer exists", gone);
        } catch (AccessDeniedException denied) {
            throw new UnreadableImageException(file.toString(), "permission to read the file is denied", denied);
        } catch (IOException failure) {
            throw new UnreadableImageException(file.toString(), "cannot be read: " + failure.getMessage(), failure);
        }
    }

    @Override
    public long contentCode(String path) {
        int index = Collections.binarySearch(pictures, path);
        return index < 0 ? 0 : sizes[index] << Integer.SIZE ^ (small ? checksum(path) : 0);
    }

    /** Returns 0 if a picture cannot be read; the code that needs it reports the error. */
    private long checksum(String path) {
        var checksum = new CRC32();
        try {
            checksum.update(read(path));
        } catch (UnreadableImageException unreadable) {
            return 0;
        }
        return checksum.getValue();
    }

    @Override
    public void close() {}
}
