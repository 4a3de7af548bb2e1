package org.resnet4j.resnet.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.TensorSource;

/**
 * The result of loading a state dict, tensor by tensor.
 *
 * @param applied the network's tensors that were loaded
 * @param missing the network's tensors that the state dict lacks
 * @param unused the state dict's tensors that the network lacks: a sign of another network
 * @param mismatched the tensors whose shapes differ
 * @param classifiers the state dict's tensors of a classifier that the network cannot load: of another form, or one of
 *     several
 * @param harmless the state dict's tensors that the network lacks and that are known not to affect its logits; counters
 *     of batches are not listed
 * @param networks the prefixes of the networks, if the state dict contains several; otherwise empty
 * @param renamed the state dict's names by the network's, where they differ
 * @since 0.1.0
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
     * A tensor whose shape differs from the network's.
     *
     * @param name the network's name
     * @param nameInFile the state dict's name
     * @param found the state dict's shape
     * @param expected the network's shape
     */
    public record Mismatch(String name, String nameInFile, Shape found, Shape expected) {
        @Override
        public String toString() {
            return nameInFile + " " + found + " instead of " + expected;
        }
    }

    /** Returns the state dict's name of a tensor of the network. */
    public String nameInFile(String name) {
        return renamed.getOrDefault(name, name);
    }

    /** Returns true if the classifier was loaded from one without a bias. */
    boolean lacksBias(String classifier, TensorSource source) {
        String bias = classifier + ".bias";
        return applied.contains(bias) && !source.shapes().containsKey(nameInFile(bias));
    }

    /**
     * Returns the assumptions that were made about the classifier, each a sentence without a full stop.
     *
     * @param classifier the path of the network's classifier
     * @param source the tensors that were matched
     */
    public List<String> assumptions(String classifier, TensorSource source) {
        var assumptions = new ArrayList<String>();
        String weight = nameInFile(classifier + ".weight");
        if (source.shapes().containsKey(weight) && !StateNames.isUsualClassifier(weight)) {
            assumptions.add(weight + " is taken as the classifier, because nothing else reads the features");
        }
        if (lacksBias(classifier, source)) {
            assumptions.add("the classifier has no bias; zeros are used");
        }
        return assumptions;
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

    /**
     * Returns true if the state dict is that of this network: every tensor was loaded, and no tensor that matters is
     * unused.
     */
    public boolean isExact() {
        return isComplete() && unused.isEmpty() && classifiers.isEmpty();
    }

    /**
     * Returns true if the state dict is that of this network except for the classifier, which may be missing, different
     * or one of several.
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

    /** Returns the first few names in one line. */
    public static String enumerated(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                + (names.size() > NAMES_SHOWN ? ", …" : "");
    }
}
