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
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The pictures below a folder; links are followed. */
final class FolderFiles implements PictureFiles {
    private final Path root;
    private final List<String> pictures;
    private final Set<String> folders;

    private FolderFiles(Path root, List<String> pictures, Set<String> folders) {
        this.root = root;
        this.pictures = pictures;
        this.folders = folders;
    }

    static FolderFiles open(Path root) throws IOException {
        var pictures = new ArrayList<String>();
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
                            pictures.add(relative(root, file));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                        throw new InvalidDatasetException(
                                root.toString(), "cannot read " + file + ": " + failure, failure);
                    }
                });
        pictures.sort(null);
        return new FolderFiles(root, List.copyOf(pictures), Set.copyOf(folders));
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
    public void close() {}
}
