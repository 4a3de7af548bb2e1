package org.resnet4j.dataset.survey;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;

/**
 * Pictures with equal bytes.
 *
 * @param withinClass pictures that repeat another one of their class and part
 * @param acrossClasses pictures of the training or validation set that are also in another class
 * @param acrossParts validation pictures that are also in the training set
 * @param acrossClassesExample two origins; empty if there are none
 * @param acrossPartsExample two origins; empty if there are none
 * @param complete false if there were too many bytes to compare all candidates
 */
public record Duplicates(
        int withinClass,
        int acrossClasses,
        int acrossParts,
        List<String> acrossClassesExample,
        List<String> acrossPartsExample,
        boolean complete) {
    /** The number of bytes that are read to compare pictures of equal size. */
    private static final long MAX_BYTES = 256L << 20;

    /** A picture in one of the parts. */
    private record Sample(Dataset dataset, int index, boolean validation) {
        int label() {
            return dataset.label(index);
        }

        String origin() {
            return dataset.origin(index);
        }
    }

    static Duplicates in(DatasetSplits splits) {
        var byCode = new HashMap<Long, List<Sample>>();
        add(splits.train(), false, byCode);
        add(splits.validation(), true, byCode);
        var tally = new Tally();
        long bytes = 0;
        for (List<Sample> candidates : byCode.values()) {
            if (candidates.size() < 2) {
                continue;
            }
            if (bytes > MAX_BYTES) {
                tally.complete = false;
                break;
            }
            var equal = new LinkedHashMap<String, List<Sample>>();
            for (Sample sample : candidates) {
                try {
                    byte[] content = sample.dataset().content(sample.index());
                    bytes += content.length;
                    equal.computeIfAbsent(digest(content), _ -> new ArrayList<>())
                            .add(sample);
                } catch (IOException unreadable) {
                    // The loader reports it.
                }
            }
            equal.values().forEach(tally::add);
        }
        return tally.result();
    }

    /** A sample whose code is 0 is identified by its origin, or is an empty file. */
    private static void add(Dataset dataset, boolean validation, Map<Long, List<Sample>> byCode) {
        for (int i = 0; i < dataset.size(); i++) {
            long code = dataset.contentCode(i);
            if (code != 0) {
                byCode.computeIfAbsent(code, _ -> new ArrayList<>(1)).add(new Sample(dataset, i, validation));
            }
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static final class Tally {
        private int withinClass;
        private int acrossClasses;
        private int acrossParts;
        private List<String> classesExample = List.of();
        private List<String> partsExample = List.of();
        private boolean complete = true;

        /** Counts pictures with equal bytes. */
        void add(List<Sample> equal) {
            for (int i = 1; i < equal.size(); i++) {
                Sample one = equal.get(i);
                List<Sample> before = equal.subList(0, i);
                if (before.stream()
                        .anyMatch(other -> other.label() == one.label() && other.validation() == one.validation())) {
                    withinClass++;
                    continue;
                }
                for (Sample other : before) {
                    if (other.label() != one.label()) {
                        acrossClasses++;
                        classesExample = smaller(classesExample, other, one);
                        break;
                    }
                }
                for (Sample other : before) {
                    if (other.validation() != one.validation()) {
                        acrossParts++;
                        partsExample = smaller(partsExample, other, one);
                        break;
                    }
                }
            }
        }

        private static List<String> smaller(List<String> known, Sample first, Sample second) {
            List<String> pair = List.of(first.origin(), second.origin());
            return known.isEmpty() || pair.getFirst().compareTo(known.getFirst()) < 0 ? pair : known;
        }

        Duplicates result() {
            return new Duplicates(withinClass, acrossClasses, acrossParts, classesExample, partsExample, complete);
        }
    }
}
