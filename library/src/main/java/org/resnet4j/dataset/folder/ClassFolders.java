package org.resnet4j.dataset.folder;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * The class folders among picture files, and the division of the pictures into a training and a validation set.
 *
 * <p>At the top, or below a single folder around everything, there are either the class folders, or a folder named after
 * the training part and one named after the validation or else the test part ({@link PartName}) with the class folders
 * in them; such a folder may contain one of the same name. A class consists of the pictures in its folder and in the
 * folders below. Its name is the name of the folder in Unicode's composed form, which is the same on every system.
 *
 * @param classes the class names, sorted
 * @param train the training set
 * @param validation the validation set; null if the source does not define one
 * @param trainFolder the folder of the class folders of the training set; empty for the top
 * @param validationFolder the folder of the class folders of the validation set; empty if there is none
 * @param remarks pictures that are not used, and assumptions, each a line for display
 */
public record ClassFolders(
        List<String> classes,
        List<Picture> train,
        @Nullable List<Picture> validation,
        String trainFolder,
        String validationFolder,
        List<String> remarks) {
    /** Returns the name of the training part for messages; empty if it is the whole source. */
    public Optional<String> trainPart() {
        return trainFolder.isEmpty() ? Optional.empty() : Optional.of("folder '" + trainFolder + "'");
    }

    /** Returns the name of the validation part for messages; empty if the source does not name it. */
    public Optional<String> validationPart() {
        return validationFolder.isEmpty()
                ? Optional.empty()
                : Optional.of("validation part '" + validationFolder + "'");
    }

    /** The path of a picture and the index of its class. */
    public record Picture(String path, int label) {}

    /**
     * Finds the classes.
     *
     * @param source the folder or zip file, for messages
     * @param paths the paths of the pictures, sorted, with {@code /} as the separator
     * @param folders all folders below the top, including those without pictures
     * @param least the minimum number of classes; 1 if the pictures are not for training
     * @throws InvalidDatasetException if there are fewer, or a class has no pictures
     */
    public static ClassFolders find(String source, List<String> paths, Set<String> folders, int least)
            throws InvalidDatasetException {
        var tree = new FolderTree(paths, folders);
        for (String top = ""; ; ) {
            PartFolders parts = PartFolders.in(tree, top);
            String train = parts.train();
            String validation = parts.validation();
            if (train != null) {
                return new Division(source, tree, top, least).of(train, validation, parts.unused());
            }
            String only = only(tree, top);
            if (only != null) {
                top = only;
                continue;
            }
            if (validation != null && least == 1) {
                return new Division(source, tree, top, least).of(validation, null, parts.unused());
            }
            PartFolders.rejectAsClasses(tree, source, top);
            Map<String, List<String>> classes = classes(tree, source, top, least);
            return new ClassFolders(
                    List.copyOf(classes.keySet()),
                    number(classes),
                    null,
                    top,
                    "",
                    Remarks.of(tree, top, classes.keySet()));
        }
    }

    /** Returns the folder around everything in a folder; null if there is none. */
    private static @Nullable String only(FolderTree tree, String top) {
        List<String> filled = tree.filled(top);
        if (filled.size() != 1) {
            return null;
        }
        String path = FolderTree.join(top, filled.getFirst());
        if (tree.children(top).size() == 1) {
            return tree.children(path).isEmpty() ? null : path;
        }
        // Beside folders without pictures, such as annotations, only a folder of parts is certain.
        for (String inner = path; inner != null; inner = only(tree, inner)) {
            if (PartFolders.in(tree, inner).train() != null) {
                return path;
            }
        }
        return null;
    }

    /** The division of the pictures below a folder into parts. */
    private record Division(String source, FolderTree tree, String top, int least) {
        ClassFolders of(String train, @Nullable String validation, List<String> unused) throws InvalidDatasetException {
            if (validation == null) {
                rejectClassesBeside(train, unused);
            }
            Map<String, List<String>> trainClasses = classes(tree, source, train, least);
            List<String> names = List.copyOf(trainClasses.keySet());
            var remarks = new ArrayList<>(Remarks.of(tree, train, trainClasses.keySet()));
            for (String name : unused) {
                remarks.add(Remarks.unused(tree, FolderTree.join(top, name)));
            }
            if (validation == null) {
                return new ClassFolders(names, number(trainClasses), null, train, "", List.copyOf(remarks));
            }
            Map<String, List<String>> validationClasses = classes(tree, source, validation, least);
            if (!trainClasses.keySet().equals(validationClasses.keySet())) {
                throw new InvalidDatasetException(
                        source,
                        ClassNames.difference(
                                train + "/", trainClasses.keySet(), validation + "/", validationClasses.keySet()));
            }
            remarks.addAll(Remarks.of(tree, validation, validationClasses.keySet()));
            return new ClassFolders(
                    names, number(trainClasses), number(validationClasses), train, validation, List.copyOf(remarks));
        }

        private void rejectClassesBeside(String train, List<String> others) throws InvalidDatasetException {
            List<String> classes =
                    others.stream().filter(name -> PartName.of(name) == null).toList();
            if (!classes.isEmpty()) {
                throw new InvalidDatasetException(
                        source,
                        "'" + train + "' holds class folders, and beside it are " + Quoted.list(classes)
                                + " with pictures, too; name the folder of the class folders as the source");
            }
        }
    }

    private static Map<String, List<String>> classes(FolderTree tree, String source, String top, int least)
            throws InvalidDatasetException {
        String place = top.isEmpty() ? "" : " in '" + top + "'";
        Set<String> names = tree.children(top);
        if (names.isEmpty()) {
            int pictures = tree.below(top).size();
            throw new InvalidDatasetException(
                    source,
                    "no class folders" + place + (pictures == 0 ? "" : " beside " + pictures + " pictures")
                            + "; put the pictures (" + PictureNames.FORMATS
                            + ") of each class into a folder named after the class");
        }
        if (names.size() < least) {
            throw new InvalidDatasetException(
                    source,
                    "only one class folder" + place + ", '" + names.iterator().next()
                            + "'; classification needs at least two");
        }
        var pictures = new TreeMap<String, List<String>>();
        for (String name : names) {
            List<String> own = tree.below(FolderTree.join(top, name));
            if (own.isEmpty()) {
                throw new InvalidDatasetException(
                        source,
                        "class folder '" + FolderTree.join(top, name) + "' holds no picture (" + PictureNames.FORMATS
                                + ")");
            }
            if (pictures.put(Normalizer.normalize(name, Normalizer.Form.NFC), own) != null) {
                throw new InvalidDatasetException(
                        source, "two class folders are called '" + name + "'" + place + ", in two forms of Unicode");
            }
        }
        return pictures;
    }

    private static List<Picture> number(Map<String, List<String>> classes) {
        var pictures = new ArrayList<Picture>();
        int label = 0;
        for (List<String> paths : classes.values()) {
            for (String path : paths) {
                pictures.add(new Picture(path, label));
            }
            label++;
        }
        return List.copyOf(pictures);
    }
}
