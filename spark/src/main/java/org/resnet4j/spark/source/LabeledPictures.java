package org.resnet4j.spark.source;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.ClassFolders;
import org.resnet4j.dataset.folder.PictureNames;

/**
 * Pictures with their labels.
 *
 * @param split {@code train} or {@code validation}; empty if the source does not distinguish them
 */
public record LabeledPictures(String split, PictureReader reader, List<Labeled> pictures) {
    /**
     * A picture and the name of its class.
     *
     * @param label null if the source has no classes
     */
    public record Labeled(ListedPicture picture, @Nullable String label) implements Serializable {}

    /**
     * Lists the pictures of a source and finds their classes, by the rules of
     * {@link org.resnet4j.dataset.source.Datasets}. A source without folders has no labels.
     *
     * @param source folder or zip file
     * @throws InvalidDatasetException if it does not exist, has no pictures or an empty class, or has an entry that may
     *     be malicious
     * @throws IOException if the file system fails
     */
    public static List<LabeledPictures> list(String source, Configuration hadoop) throws IOException {
        Path path = new Path(source);
        FileSystem files = path.getFileSystem(hadoop);
        if (!files.exists(path)) {
            throw new InvalidDatasetException(source, "there is no such file or folder");
        }
        return of(
                files.getFileStatus(path).isDirectory()
                        ? FolderListing.list(source, files, path)
                        : ZipListing.list(source, files, path));
    }

    private static List<LabeledPictures> of(PictureListing listing) throws InvalidDatasetException {
        if (listing.pictures().isEmpty()) {
            throw new InvalidDatasetException(listing.source(), "it has no picture (" + PictureNames.FORMATS + ")");
        }
        if (listing.folders().isEmpty()) {
            List<Labeled> unlabeled = listing.pictures().stream()
                    .map(picture -> new Labeled(picture, null))
                    .toList();
            return List.of(new LabeledPictures("", listing.reader(), unlabeled));
        }
        ClassFolders found = ClassFolders.find(listing.source(), listing.paths(), listing.folders(), 1);
        Map<String, ListedPicture> byPath = new HashMap<>();
        listing.pictures().forEach(picture -> byPath.put(picture.path(), picture));
        List<ClassFolders.Picture> validation = found.validation();
        if (validation == null) {
            return List.of(new LabeledPictures("", listing.reader(), labeled(found, found.train(), byPath)));
        }
        return List.of(
                new LabeledPictures("train", listing.reader(), labeled(found, found.train(), byPath)),
                new LabeledPictures("validation", listing.reader(), labeled(found, validation, byPath)));
    }

    /**
     * Divides the pictures into shares of about the same size.
     *
     * @param bytes least size of a share, except for the last
     */
    public List<PictureShare> shares(long bytes) {
        var shares = new ArrayList<PictureShare>();
        var share = new ArrayList<Labeled>();
        long size = 0;
        for (Labeled picture : pictures) {
            share.add(picture);
            size += picture.picture().bytes();
            if (size >= bytes) {
                shares.add(new PictureShare(reader, List.copyOf(share)));
                share.clear();
                size = 0;
            }
        }
        if (!share.isEmpty()) {
            shares.add(new PictureShare(reader, List.copyOf(share)));
        }
        return shares;
    }

    private static List<Labeled> labeled(
            ClassFolders found, List<ClassFolders.Picture> pictures, Map<String, ListedPicture> byPath) {
        var labeled = new ArrayList<Labeled>(pictures.size());
        for (ClassFolders.Picture picture : pictures) {
            ListedPicture listed = byPath.get(picture.path());
            if (listed == null) {
                throw new IllegalStateException(picture.path() + " was not listed");
            }
            labeled.add(new Labeled(listed, found.classes().get(picture.label())));
        }
        return labeled;
    }
}
