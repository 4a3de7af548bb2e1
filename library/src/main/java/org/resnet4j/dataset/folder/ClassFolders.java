package org.resnet4j.dataset.folder;

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
 * The class folders among picture files, and the division of the pictures into a training and a validation set.
 *
 * <p>At the top, or below a single folder around everything, there are either the class folders, or {@code train} and a
 * folder for validation ({@code val}, {@code valid}, {@code validation}, {@code dev}, or else {@code test}) with the
 * class folders in them. {@code training_set} and {@code test_set} are also recognized, and a folder of such a name may
 * contain one of the same name. A class consists of the pictures in its folder and in the folders below. Its name is
 * the name of the folder in Unicode's composed form, which is the same on every system.
 *
 * @param classes the class names, sorted
 * @param train the training set
 * @param validation the validation set; null if the source does not define one
 */
public record ClassFolders(
        List<String> classes, List<Picture> train, @Nullable List<Picture> validation) {
    /** The path of a picture and the index of its class. */
    public record Picture(String path, int label) {}

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
     * @param source the folder or zip file, for messages
     * @param paths the paths of the pictures, sorted, with {@code /} as the separator
     * @param folders all folders below the top, including those without pictures
     * @param least the minimum number of classes
     * @throws InvalidDatasetException if there are fewer, or a class has no pictures
     */
    public static ClassFolders find(String source, List<String> paths, Set<String> folders, int least)
            throws InvalidDatasetException {
        var tree = new Tree(source, paths, folders);
        String top = "";
        while (true) {
            Set<String> children = tree.children(top);
            String train = tree.split(top, TRAIN_NAMES);
            if (train != null) {
                return split(tree, train, tree.split(top, VALIDATION_NAMES), least);
            }
            if (children.size() != 1
                    || tree.children(join(top, children.iterator().next())).isEmpty()) {
                break;
            }
            top = join(top, children.iterator().next());
        }
        Map<String, List<String>> classes = classes(tree, top, least);
        List<String> names = List.copyOf(classes.keySet());
        return new ClassFolders(names, number(classes), null);
    }

    private static ClassFolders split(Tree tree, String train, @Nullable String validation, int least)
            throws InvalidDatasetException {
        Map<String, List<String>> trainClasses = classes(tree, train, least);
        List<String> names = List.copyOf(trainClasses.keySet());
        if (validation == null) {
            return new ClassFolders(names, number(trainClasses), null);
        }
        Map<String, List<String>> validationClasses = classes(tree, validation, least);
        if (!trainClasses.keySet().equals(validationClasses.keySet())) {
            throw new InvalidDatasetException(
                    tree.source,
                    ClassNames.difference(
                            train + "/", trainClasses.keySet(), validation + "/", validationClasses.keySet()));
        }
        return new ClassFolders(names, number(trainClasses), number(validationClasses));
    }

    private static Map<String, List<String>> classes(Tree tree, String top, int least) throws InvalidDatasetException {
        String place = top.isEmpty() ? "" : " in '" + top + "'";
        Set<String> names = tree.children(top);
        if (names.isEmpty()) {
            throw new InvalidDatasetException(
                    tree.source,
                    "no class folders" + place + "; put the pictures (" + PictureNames.FORMATS
                            + ") of each class into a folder named after the class");
        }
        if (names.size() < least) {
            throw new InvalidDatasetException(
                    tree.source,
                    "only one class folder" + place + ", '" + names.iterator().next()
                            + "'; classification needs at least two");
        }
        var pictures = new TreeMap<String, List<String>>();
        for (String name : names) {
            List<String> own = tree.below(join(top, name));
            if (own.isEmpty()) {
                throw new InvalidDatasetException(
                        tree.source,
                        "class folder '" + join(top, name) + "' holds no picture (" + PictureNames.FORMATS + ")");
            }
            if (pictures.put(Normalizer.normalize(name, Normalizer.Form.NFC), own) != null) {
                throw new InvalidDatasetException(
                        tree.source,
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
        private final String source;
        private final Map<String, Set<String>> children = new TreeMap<>();
        private final List<String> pictures;

        Tree(String source, List<String> pictures, Set<String> folders) {
            for (String folder : folders) {
                int slash = folder.lastIndexOf('/');
                String parent = slash < 0 ? "" : folder.substring(0, slash);
                children.computeIfAbsent(parent, key -> new TreeSet<>()).add(folder.substring(slash + 1));
            }
            this.source = source;
            this.pictures = pictures;
        }

        Set<String> children(String folder) {
            return children.getOrDefault(folder, Set.of());
        }

        /**
         * Returns the child with the first of these names that has subfolders; if such a folder only contains another
         * folder of the same name, returns that one.
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

        /** Returns the pictures at any depth below a folder. */
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
