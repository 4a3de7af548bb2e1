package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the tensors of a state dict.
 *
 * @param applied names that were copied into the network
 * @param missing names that the network has and the state dict has not
 * @param unused names that the state dict has and the network has not
 * @param mismatched names that both have with different shapes, with both shapes
 * @param renamed where the two have different names for the same: the state dict's by the network's
 */
public record LoadReport(
        List<String> applied,
        List<String> missing,
        List<String> unused,
        List<String> mismatched,
        Map<String, String> renamed) {
    public LoadReport {
        applied = List.copyOf(applied);
        missing = List.copyOf(missing);
        unused = List.copyOf(unused);
        mismatched = List.copyOf(mismatched);
        renamed = Collections.unmodifiableMap(new LinkedHashMap<>(renamed));
    }

    /** What the state dict calls a tensor of the network. */
    public String nameInFile(String name) {
        return renamed.getOrDefault(name, name);
    }

    /** The network's names by the state dict's, where they differ. */
    Map<String, String> renamedFrom() {
        var turned = new LinkedHashMap<String, String>();
        renamed.forEach((ours, theirs) -> turned.put(theirs, ours));
        return turned;
    }

    /** Whether the whole network was filled. */
    public boolean isComplete() {
        return missing.isEmpty() && mismatched.isEmpty();
    }

    /** What is wrong, in one line: {@code 3 missing (fc.weight, …), 1 with another shape (…)}. */
    public String problems() {
        var parts = new ArrayList<String>();
        describe(parts, "missing", missing);
        describe(parts, "with another shape", mismatched);
        describe(parts, "not used", unused);
        return String.join("; ", parts);
    }

    private static void describe(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            String more = names.size() > 3 ? ", …" : "";
            parts.add(names.size() + " " + what + " (" + String.join(", ", names.subList(0, Math.min(3, names.size())))
                    + more + ")");
        }
    }
}
