package org.resnet4j.resnet.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.tensor.Shape;

/**
 * The result of loading a state dict, tensor by tensor.
 *
 * @param applied names that were copied into the network
 * @param missing names that the network has and the state dict has not
 * @param unused names that the state dict has and the network has not: a sign of another network
 * @param mismatched names that both have with different shapes
 * @param classifiers names of the state dict that belong to a classifier the network cannot take: of another form, or one of
 *     several
 * @param harmless names that the state dict has beside the network's and that are known not to change its scores; counters
 *     of batches are not listed
 * @param networks where the state dict holds several networks, their prefixes; empty where it holds one or none
 * @param renamed where the two have different names for the same: the state dict's by the network's
 */
public record LoadReport(
        List<String> applied,
        List<String> missing,
        List<String> unused,
        List<Mismatch> mismatched,
        List<String> classifiers,
        List<String> harmless,
        List<String> networks,
        Map<String, String> renamed) {
    private static final int NAMES_SHOWN = 3;

    public LoadReport {
        applied = List.copyOf(applied);
        missing = List.copyOf(missing);
        unused = List.copyOf(unused);
        mismatched = List.copyOf(mismatched);
        classifiers = List.copyOf(classifiers);
        harmless = List.copyOf(harmless);
        networks = List.copyOf(networks);
        renamed = Collections.unmodifiableMap(new LinkedHashMap<>(renamed));
    }

    /**
     * A tensor that has another shape than the network's.
     *
     * @param name the network's name
     * @param nameInFile the state dict's
     * @param found the state dict's shape
     * @param expected the network's shape
     */
    public record Mismatch(String name, String nameInFile, Shape found, Shape expected) {
        @Override
        public String toString() {
            return nameInFile + " " + found + " instead of " + expected;
        }
    }

    /** Returns the name in the state dict of a tensor of the network. */
    public String nameInFile(String name) {
        return renamed.getOrDefault(name, name);
    }

    /** Returns the network's names by the state dict's, where they differ. */
    Map<String, String> renamedFrom() {
        var turned = new LinkedHashMap<String, String>();
        renamed.forEach((ours, theirs) -> turned.put(theirs, ours));
        return turned;
    }

    /** Returns true if every tensor of the network was loaded. */
    public boolean isComplete() {
        return missing.isEmpty() && mismatched.isEmpty();
    }

    /** Returns true if the state dict is this network's: every tensor was loaded, and none that matters is unused. */
    public boolean isExact() {
        return isComplete() && unused.isEmpty() && classifiers.isEmpty();
    }

    /**
     * Returns true if the state dict is this network's but for the classifier, which may be missing, another or one of several.
     *
     * @param classifier the path of the network's classifier
     */
    public boolean isExactBelow(String classifier) {
        String start = classifier + ".";
        return unused.isEmpty()
                && networks.isEmpty()
                && missing.stream().allMatch(name -> name.startsWith(start))
                && mismatched.stream().allMatch(mismatch -> mismatch.name().startsWith(start));
    }

    /** Returns the problems in one line: {@code 3 missing (fc.weight, …); 1 with another shape (…)}. */
    public String problems() {
        var parts = new ArrayList<String>();
        if (!networks.isEmpty()) {
            parts.add(networks.size() + " networks (" + String.join(", ", networks) + ")");
        }
        describe(parts, "missing", missing);
        describe(
                parts,
                "with another shape",
                mismatched.stream().map(Mismatch::toString).toList());
        describe(parts, "not used", unused);
        describe(parts, "of a classifier that does not fit", classifiers);
        return String.join("; ", parts);
    }

    private static void describe(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(names.size() + " " + what + " (" + enumerated(names) + ")");
        }
    }

    /** Returns the first of some names, in one line. */
    public static String enumerated(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                + (names.size() > NAMES_SHOWN ? ", …" : "");
    }
}
