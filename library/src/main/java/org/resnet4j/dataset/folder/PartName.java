package org.resnet4j.dataset.folder;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a folder that holds a part of a dataset: {@code train}, {@code Training Set}, {@code seg_test},
 * {@code valData}.
 *
 * @param part the part
 * @param common the words of the name that other parts of the same dataset share: {@code seg} of {@code seg_test}; empty
 *     if there are only words such as {@code set} and {@code images}
 */
record PartName(Part part, String common) {
    /** A part of a dataset. */
    enum Part {
        TRAIN,
        VALIDATION,
        TEST
    }

    private static final Map<String, Part> WORDS = Map.of(
            "train", Part.TRAIN,
            "training", Part.TRAIN,
            "val", Part.VALIDATION,
            "valid", Part.VALIDATION,
            "validation", Part.VALIDATION,
            "dev", Part.VALIDATION,
            "test", Part.TEST,
            "testing", Part.TEST);

    private static final Set<String> FILLERS = Set.of(
            "set", "sets", "data", "dataset", "images", "image", "imgs", "img", "pictures", "photos", "split", "part");

    /** A border between words: {@code val_set}, {@code valSet}. */
    private static final Pattern BORDER = Pattern.compile("[\\s_.-]+|(?<=\\p{Ll})(?=\\p{Lu})");

    /** Returns the part that a folder is named after; null if its name is that of a class. */
    static @Nullable PartName of(String folder) {
        Part part = null;
        var common = new ArrayList<String>();
        for (String word : BORDER.splitAsStream(folder).toList()) {
            String small = word.toLowerCase(Locale.ROOT);
            Part named = WORDS.get(small);
            if (named != null && part != null) {
                return null;
            }
            if (named != null) {
                part = named;
            } else if (!FILLERS.contains(small)) {
                common.add(small);
            }
        }
        return part == null ? null : new PartName(part, String.join(" ", common));
    }

    /** Returns true if a folder is only a wrapper: {@code images}, {@code data}. */
    static boolean isFiller(String folder) {
        return FILLERS.contains(folder.toLowerCase(Locale.ROOT));
    }
}
