package org.resnet4j.dataset.folder;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Folders by their parent, and the pictures in them; the top is the empty path. */
final class FolderTree {
    private final Map<String, Set<String>> children = new TreeMap<>();
    private final List<String> pictures;

    /** @param pictures the paths of the pictures, sorted */
    FolderTree(List<String> pictures, Set<String> folders) {
        for (String folder : folders) {
            int slash = folder.lastIndexOf('/');
            String parent = slash < 0 ? "" : folder.substring(0, slash);
            children.computeIfAbsent(parent, key -> new TreeSet<>()).add(folder.substring(slash + 1));
        }
        this.pictures = pictures;
    }

    static String join(String folder, String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    Set<String> children(String folder) {
        return children.getOrDefault(folder, Set.of());
    }

    /** Returns the subfolders with pictures at any depth. */
    List<String> filled(String folder) {
        return children(folder).stream()
                .filter(child -> !below(join(folder, child)).isEmpty())
                .toList();
    }

    /** Returns the pictures at any depth below a folder. */
    List<String> below(String folder) {
        if (folder.isEmpty()) {
            return pictures;
        }
        int from = position(folder + "/");
        int to = position(folder + "0"); // '0' follows '/'
        return pictures.subList(from, to);
    }

    /** Returns the pictures directly in a folder. */
    List<String> directlyIn(String folder) {
        int start = folder.isEmpty() ? 0 : folder.length() + 1;
        return below(folder).stream()
                .filter(path -> path.indexOf('/', start) < 0)
                .toList();
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
