package org.resnet4j.dataset.folder;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Remarks on the folders of a dataset: pictures that are not used, and classes that span several folders. */
final class Remarks {
    private Remarks() {}

    /** Returns the remarks on a folder with these class folders. */
    static List<String> of(FolderTree tree, String top, Set<String> classes) {
        var remarks = new ArrayList<String>();
        List<String> outside = tree.directlyIn(top);
        if (!outside.isEmpty()) {
            remarks.add(count(outside.size()) + " outside the class folders, not used: " + outside.getFirst()
                    + (outside.size() > 1 ? ", \u2026" : ""));
        }
        List<String> deep = tree.children(top).stream()
                .filter(name -> !tree.filled(FolderTree.join(top, name)).isEmpty())
                .filter(name -> classes.contains(Normalizer.normalize(name, Normalizer.Form.NFC)))
                .toList();
        if (!deep.isEmpty()) {
            String first = FolderTree.join(top, deep.getFirst());
            remarks.add("pictures in subfolders belong to the class above: " + first + "/"
                    + tree.filled(first).getFirst()
                    + (deep.size() > 1 || tree.filled(first).size() > 1 ? ", \u2026" : ""));
        }
        return remarks;
    }

    /** Returns the remark on a folder that is neither the training nor the validation part. */
    static String unused(FolderTree tree, String folder) {
        boolean labeled = !tree.filled(folder).isEmpty();
        return folder + "/ is not used: " + count(tree.below(folder).size())
                + (labeled ? "" : " without class folders");
    }

    private static String count(int pictures) {
        return pictures == 1 ? "1 picture" : pictures + " pictures";
    }
}
