package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.resnet4j.dataset.source.PictureFolder;

/** The pictures among the files of the user. */
final class PictureFolders {
    private PictureFolders() {}

    /** Returns the number of folders with pictures directly inside a folder. */
    static long in(Path folder) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : entries) {
                count += PictureFolder.list(entry).isEmpty() ? 0 : 1;
            }
        }
        return count;
    }

    /** Returns the number of folders with pictures in the folders inside a folder, such as train/ and val/. */
    static long below(Path folder) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : entries) {
                count += in(entry);
            }
        }
        return count;
    }

    /** Returns true if a file is a picture, by its name. */
    static boolean isPicture(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && PictureFolder.list(folder).contains(file.toAbsolutePath());
    }
}
