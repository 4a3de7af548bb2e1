package org.resnet4j.dataset.folder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.PartName.Part;

/**
 * The folders of the training and the validation part beside each other.
 *
 * @param train the path of the training part; null if there is none
 * @param validation the path of the validation part, or else of the test part; null if neither has class folders
 * @param unused the names of the other folders with pictures
 */
record PartFolders(@Nullable String train, @Nullable String validation, List<String> unused) {
    /** Returns the parts in a folder; neither if its subfolders are not parts. */
    static PartFolders in(FolderTree tree, String top) {
        var named = new LinkedHashMap<String, PartName>();
        for (String child : tree.filled(top)) {
            PartName name = PartName.of(child);
            if (name != null) {
                named.put(child, name);
            }
        }
        String train = labeled(tree, top, named, Part.TRAIN, null);
        String common =
                train == null ? null : Objects.requireNonNull(named.get(train)).common();
        String validation = labeled(tree, top, named, Part.VALIDATION, common);
        if (validation == null) {
            validation = labeled(tree, top, named, Part.TEST, common);
        }
        var unused = new ArrayList<>(tree.filled(top));
        unused.removeAll(listOf(train, validation));
        return new PartFolders(path(tree, top, train), path(tree, top, validation), List.copyOf(unused));
    }

    private static List<String> listOf(@Nullable String first, @Nullable String second) {
        var list = new ArrayList<String>();
        if (first != null) {
            list.add(first);
        }
        if (second != null) {
            list.add(second);
        }
        return list;
    }

    /**
     * Returns the folder of a part with class folders. A name with further words counts if another part shares them.
     *
     * @param common the required further words; null for any
     */
    private static @Nullable String labeled(
            FolderTree tree, String top, Map<String, PartName> named, Part part, @Nullable String common) {
        String found = null;
        for (Map.Entry<String, PartName> folder : named.entrySet()) {
            PartName name = folder.getValue();
            boolean fits = common == null
                    ? name.common().isEmpty() || isShared(named, name)
                    : name.common().equals(common);
            if (name.part() == part
                    && fits
                    && !tree.filled(FolderTree.join(top, folder.getKey())).isEmpty()
                    && (found == null || name.common().isEmpty())) {
                found = folder.getKey();
            }
        }
        return found;
    }

    private static boolean isShared(Map<String, PartName> named, PartName name) {
        return named.values().stream()
                .anyMatch(other -> other.part() != name.part() && other.common().equals(name.common()));
    }

    /** Returns the path of a part: of the folder inside if it holds nothing but one of the same name, or a wrapper. */
    private static @Nullable String path(FolderTree tree, String top, @Nullable String name) {
        if (name == null) {
            return null;
        }
        String path = FolderTree.join(top, name);
        Set<String> children = tree.children(path);
        if (children.size() == 1) {
            String child = children.iterator().next();
            String inner = FolderTree.join(path, child);
            if ((child.equals(name) || PartName.isFiller(child))
                    && !tree.children(inner).isEmpty()) {
                return inner;
            }
        }
        return path;
    }

    /**
     * Rejects folders that would become classes although their names say that they are parts of a dataset.
     *
     * @param source the folder or zip file, for messages
     */
    static void rejectAsClasses(FolderTree tree, String source, String top) throws InvalidDatasetException {
        List<String> names = tree.filled(top);
        List<String> parts = names.stream()
                .filter(name -> {
                    PartName part = PartName.of(name);
                    return part != null && part.common().isEmpty() && part.part() != Part.TRAIN;
                })
                .toList();
        if (names.size() > 1 && !parts.isEmpty()) {
            String part = parts.getFirst();
            boolean labeled = !tree.filled(FolderTree.join(top, part)).isEmpty();
            throw new InvalidDatasetException(
                    source,
                    "the folders " + Quoted.list(names) + " are not classes: '" + part + "' is the name of a part, "
                            + (labeled ? "and there is no training part" : "without class folders in it")
                            + "; name the folder of the class folders as the source, or list files and their classes"
                            + " with --labels-csv");
        }
        for (String name : names) {
            PartFolders inside = in(tree, FolderTree.join(top, name));
            List<String> inner = tree.filled(FolderTree.join(top, name));
            boolean flat =
                    inner.stream().map(PartName::of).filter(Objects::nonNull).count() > 1;
            if (names.size() > 1 && (flat || inside.train() != null && inside.validation() != null)) {
                throw new InvalidDatasetException(
                        source,
                        "the folders " + Quoted.list(names) + " are not classes: '" + name + "' is divided into "
                                + Quoted.list(inner)
                                + "; put the class folders inside these, or name one of the folders as the source");
            }
        }
    }
}
