package org.resnet4j.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.ClassFolders;
import org.resnet4j.dataset.folder.PictureNames;

/**
 * Pictures with their labels.
 *
 * @param split {@code train} or {@code validation}; empty if the source does not distinguish them
 */
record LabeledPictures(String split, PictureReader reader, List<Labeled> pictures) {
    /**
     * A picture and the name of its class.
     *
     * @param label null if the source has no classes
     */
    record Labeled(ListedPicture picture, @Nullable String label) implements Serializable {}

    /**
     * Finds the classes of the pictures.
     *
     * @throws InvalidDatasetException if there are no pictures, or a class has none
     */
    static List<LabeledPictures> of(PictureListing listing) throws InvalidDatasetException {
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
