package org.resnet4j.dataset.source;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * Finds the class folders among pictures: which folder is which class, and which pictures train or validate.
 *
 * <p>At the top, or below one folder that holds everything, are either the class folders, or {@code train} and a folder
 * for validation ({@code val}, {@code valid}, {@code validation}, {@code dev}, or else {@code test}) with the class folders in
 * them; {@code training_set} and {@code test_set} are such names, too, and a folder of a name may hold one of the same name.
 * A class has the pictures in its folder and in the folders below. Its name is the folder's in Unicode's composed form, which
 * is the same whichever system wrote it.
 *
 * @param classes the class names, sorted
 * @param train the pictures to train on
 * @param validation the pictures to validate with; null where the source does not say
 */
record ClassFolders(
        List<String> classes, List<Picture> train, @Nullable List<Picture> validation) {
    /** A picture's path and the number of its class. */
    record Picture(String path, int label) {}

    private static final List<String> TRAIN_NAMES = List.of("train", "training", "train_set", "training_set");
    private static final List<String> VALIDATION_NAMES = List.of(
            "val",
            "valid",
            "validation",
            "dev",
            "val_set",
            "validation_set",
            "test",
            "testing",
            "test_set",
            "testing_set");

    /**
     * Finds the classes.
     *
     * @param least how many classes there have to be
     * @throws InvalidDatasetException if there are fewer, or a class has no pictures
     */
    static ClassFolders find(PictureFiles files, int least) throws InvalidDatasetException {
        var tree = new Tree(files);
        String top = "";
        while (true) {
            Set<String> children = tree.children(top);
            String train = tree.split(top, TRAIN_NAMES);
            if (train != null) {
                return split(files, tree, train, tree.split(top, VALIDATION_NAMES), least);
            }
            if (children.size() != 1
                    || tree.children(join(top, children.iterator().next())).isEmpty()) {
                break;
            }
            top = join(top, children.iterator().next());
        }
        Map<String, List<String>> classes = classes(files, tree, top, least);
        List<String> names = List.copyOf(classes.keySet());
        return new ClassFolders(names, number(classes), null);
    }

    private static ClassFolders split(
            PictureFiles files, Tree tree, String train, @Nullable String validation, int least)
            throws InvalidDatasetException {
        Map<String, List<String>> trainClasses = classes(files, tree, train, least);
        List<String> names = List.copyOf(trainClasses.keySet());
        if (validation == null) {
            return new ClassFolders(names, number(trainClasses), null);
        }
        Map<String, List<String>> validationClasses = classes(files, tree, validation, least);
        if (!trainClasses.keySet().equals(validationClasses.keySet())) {
            throw new InvalidDatasetException(
                    files.source(),
                    ClassNames.difference(
                            train + "/", trainClasses.keySet(), validation + "/", validationClasses.keySet()));
        }
        return new ClassFolders(names, number(trainClasses), number(validationClasses));
    }

    private static Map<String, List<String>> classes(PictureFiles files, Tree tree, String top, int least)
            throws InvalidDatasetException {
        String place = top.isEmpty() ? "" : " in '" + top + "'";
        Set<String> names = tree.children(top);
        if (names.isEmpty()) {
            throw new InvalidDatasetException(
                    files.source(),
                    "no class folders" + place + "; put the pictures (" + PictureFiles.FORMATS
                            + ") of each class into a folder named after the class");
        }
        if (names.size() < least) {
            throw new InvalidDatasetException(
                    files.source(),
                    "only one class folder" + place + ", '" + names.iterator().next()
                            + "'; to tell classes apart takes at least two");
        }
        var pictures = new TreeMap<String, List<String>>();
        for (String name : names) {
            List<String> own = tree.below(join(top, name));
            if (own.isEmpty()) {
                throw new InvalidDatasetException(
                        files.source(),
                        "class folder '" + join(top, name) + "' holds no picture (" + PictureFiles.FORMATS + ")");
            }
            if (pictures.put(Normalizer.normalize(name, Normalizer.Form.NFC), own) != null) {
                throw new InvalidDatasetException(
                        files.source(),
                        "two class folders are called '" + name + "'" + place + ", in two forms of Unicode");
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

    private static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /** Folders by their parent; the top is the empty path. */
    private static final class Tree {
        private final Map<String, Set<String>> children = new TreeMap<>();
        private final List<String> pictures;

        Tree(PictureFiles files) {
            for (String folder : files.folders()) {
                int slash = folder.lastIndexOf('/');
                String parent = slash < 0 ? "" : folder.substring(0, slash);
                children.computeIfAbsent(parent, key -> new TreeSet<>()).add(folder.substring(slash + 1));
            }
            pictures = files.pictures();
        }

        Set<String> children(String folder) {
            return children.getOrDefault(folder, Set.of());
        }

        /**
         * The child with the first of these names that has folders of its own; in its place the folder that it holds, if that is
         * of the same name and all there is.
         */
        @Nullable
        String split(String folder, List<String> names) {
            for (String wanted : names) {
                for (String child : children(folder)) {
                    String path = join(folder, child);
                    if (child.toLowerCase(Locale.ROOT).equals(wanted)
                            && !children(path).isEmpty()) {
                        String inner = join(path, child);
                        return children(path).equals(Set.of(child))
                                        && !children(inner).isEmpty()
                                ? inner
                                : path;
                    }
                }
            }
            return null;
        }

        /** The pictures anywhere below a folder. */
        List<String> below(String folder) {
            int from = position(folder + "/");
            int to = position(folder + "0"); // '0' follows '/'
            return pictures.subList(from, to);
        }

        private int position(String path) {
            int low = 0;
            int high = pictures.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (pictures.get(middle).compareTo(path) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
