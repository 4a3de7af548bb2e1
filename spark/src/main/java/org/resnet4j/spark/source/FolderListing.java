package org.resnet4j.spark.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.PictureNames;

/** The pictures below a folder of any file system. */
final class FolderListing {
    private static final int MAX_DEPTH = 64;

    private FolderListing() {}

    /** A reader of files by their paths. */
    private record Reader() implements PictureReader {
        @Override
        public Open open(Configuration hadoop) {
            return new Files(hadoop);
        }
    }

    /** The file systems of an executor, which Hadoop keeps open. */
    private record Files(Configuration hadoop) implements PictureReader.Open {
        @Override
        public byte[] read(ListedPicture picture) throws IOException {
            Path file = new Path(picture.location());
            try (InputStream in = file.getFileSystem(hadoop).open(file)) {
                byte[] bytes = in.readNBytes((int) PictureNames.MAX_FILE_BYTES + 1);
                if (bytes.length > PictureNames.MAX_FILE_BYTES) {
                    throw new IOException(tooLarge(picture.location()));
                }
                return bytes;
            } catch (FileNotFoundException gone) {
                throw new IOException(picture.location() + ": the file no longer exists", gone);
            }
        }

        @Override
        public String uri(ListedPicture picture) {
            return picture.location();
        }

        @Override
        public void close() {}
    }

    private static String tooLarge(String file) {
        return file + ": larger than " + PictureNames.MAX_FILE_BYTES + " bytes";
    }

    /**
     * A folder to be listed.
     *
     * @param name path below the source; empty for the source itself
     */
    private record Folder(Path path, String name, int depth) {
        String child(String child) {
            return name.isEmpty() ? child : name + "/" + child;
        }
    }

    static PictureListing list(String source, FileSystem files, Path root) throws IOException {
        var pictures = new ArrayList<ListedPicture>();
        var folders = new HashSet<String>();
        Deque<Folder> open = new ArrayDeque<>(List.of(new Folder(root, "", 0)));
        while (!open.isEmpty()) {
            Folder folder = open.remove();
            if (folder.depth() > MAX_DEPTH) {
                throw new InvalidDatasetException(
                        source,
                        "a folder is more than " + MAX_DEPTH + " folders deep; is there a link to a folder above it? "
                                + folder.name());
            }
            for (FileStatus found : files.listStatus(folder.path())) {
                String name = found.getPath().getName();
                if (PictureNames.isIgnored(name)) {
                    continue;
                }
                String path = folder.child(name);
                if (found.isDirectory()) {
                    folders.add(path);
                    open.add(new Folder(found.getPath(), path, folder.depth() + 1));
                } else if (PictureNames.isPicture(name)) {
                    if (found.getLen() > PictureNames.MAX_FILE_BYTES) {
                        throw new InvalidDatasetException(source, tooLarge(path));
                    }
                    pictures.add(new ListedPicture(path, found.getPath().toString(), found.getLen()));
                }
            }
        }
        pictures.sort(Comparator.comparing(ListedPicture::path));
        return new PictureListing(source, new Reader(), pictures, Set.copyOf(folders));
    }
}
