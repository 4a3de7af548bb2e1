package org.resnet4j.dataset.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.resnet4j.dataset.folder.PictureNames;

/**
 * A folder of pictures without classes.
 *
 * @since 0.1.0
 */
public final class PictureFolder {
    private PictureFolder() {}

    /**
     * Returns the pictures directly in a folder, sorted by name: files with the extensions of JPEG, PNG, BMP, GIF, WebP
     * or TIFF. Hidden files and files of operating systems are skipped; links are followed.
     *
     * @throws IOException if the folder cannot be read
     */
    public static List<Path> list(Path folder) throws IOException {
        var pictures = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = name(entry);
                if (PictureNames.isPicture(name) && !PictureNames.isIgnored(name) && Files.isRegularFile(entry)) {
                    pictures.add(entry);
                }
            }
        }
        pictures.sort(Comparator.comparing(PictureFolder::name));
        return pictures;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
