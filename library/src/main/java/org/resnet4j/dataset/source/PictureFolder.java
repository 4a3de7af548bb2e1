package org.resnet4j.dataset.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.resnet4j.dataset.folder.PassedOver;
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
     * or TIFF, and of HEIC, HEIF, AVIF and JPEG XL, which cannot be read. Hidden files and files of operating systems are
     * skipped; links are followed, and a link to a missing file counts as a picture that cannot be read.
     *
     * @throws IOException if the folder cannot be read
     */
    public static List<Path> list(Path folder) throws IOException {
        var pictures = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = name(entry);
                if (isPicture(name) && !PictureNames.isIgnored(name) && !Files.isDirectory(entry)) {
                    pictures.add(entry);
                }
            }
        }
        pictures.sort(Comparator.comparing(PictureFolder::name));
        return pictures;
    }

    /**
     * Returns the pictures in a folder and in the folders below, as {@link #list}: first those of a folder, then those
     * of its subfolders in the order of their names.
     *
     * @throws IOException if a folder cannot be read, or links lead back to a folder around them
     */
    public static List<Path> listAll(Path folder) throws IOException {
        var pictures = new ArrayList<Path>();
        addAll(folder, Set.of(), pictures);
        return pictures;
    }

    private static void addAll(Path folder, Set<Path> around, List<Path> pictures) throws IOException {
        var inside = new HashSet<>(around);
        if (!inside.add(folder.toRealPath())) {
            throw new FileSystemLoopException(folder.toString());
        }
        pictures.addAll(list(folder));
        var folders = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path entry : entries) {
                if (!PictureNames.isIgnored(name(entry))) {
                    folders.add(entry);
                }
            }
        }
        folders.sort(Comparator.comparing(PictureFolder::name));
        for (Path below : folders) {
            addAll(below, inside, pictures);
        }
    }

    private static boolean isPicture(String name) {
        return PictureNames.isPicture(name) || PassedOver.isPhotograph(name);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
