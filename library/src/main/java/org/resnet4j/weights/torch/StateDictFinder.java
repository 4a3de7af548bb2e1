package org.resnet4j.weights.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Printable;
import org.resnet4j.weights.torch.pickle.PickleInterpreter;
import org.resnet4j.weights.torch.pickle.TensorView;
import org.resnet4j.weights.torch.pickle.Value;
import org.resnet4j.weights.torch.pickle.Value.Foreign;
import org.resnet4j.weights.torch.pickle.Value.Mapping;
import org.resnet4j.weights.torch.pickle.Value.Sequence;
import org.resnet4j.weights.torch.pickle.Value.TensorValue;
import org.resnet4j.weights.torch.pickle.Value.Tuple;

/**
 * A finder of the state dicts in a saved value: the dict itself, and nested dicts by their keys
 * ({@code model.state_dict}). {@link TorchSource} documents the rules.
 */
final class StateDictFinder {
    /** {@code {"a": {"b": {"c": {…}}}}} is searched, including lists; deeper levels are not. */
    private static final int MAX_DEPTH = 3;

    /** The keys of the state dict of an optimizer. */
    private static final Set<String> OPTIMIZER = Set.of("state", "param_groups");

    /** {@code module._orig_mod.module.} occurs in practice. */
    private static final int MAX_PREFIXES = 4;

    private static final int NAMES_IN_MESSAGE = 8;

    /** Convolutions have four axes. */
    private static final int CONVOLUTION = 4;

    private final SequencedMap<String, SequencedMap<String, TensorView>> candidates = new LinkedHashMap<>();

    /** The Python objects beside the weights: their keys, each with the class. */
    private final List<String> foreign = new ArrayList<>();

    private StateDictFinder() {}

    /**
     * A state dict.
     *
     * @param tensors the tensors by name
     * @param remarks the choices that were made, and the tensors that were skipped
     */
    record Found(SequencedMap<String, TensorView> tensors, List<String> remarks) {}

    /** Thrown if there are several state dicts and none takes precedence. */
    static final class SeveralException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient List<String> keys;

        SeveralException(List<String> keys) {
            this.keys = keys;
        }

        List<String> keys() {
            return keys;
        }
    }

    /**
     * Finds a state dict.
     *
     * @param key the key of the state dict, optionally followed by a prefix of its names; null if there is only one
     * @throws IllegalArgumentException if there is none
     * @throws SeveralException if there are several and no key
     */
    static Found find(Value root, @Nullable String key) throws SeveralException {
        if (root instanceof Foreign object) {
            throw new IllegalArgumentException("the file holds a whole Python object, '" + Printable.text(object.name())
                    + "', and not a state dict. " + PickleInterpreter.ADVICE);
        }
        if (!isContainer(root)) {
            throw new IllegalArgumentException("the file holds " + root.noun() + ", not a state dict");
        }
        var finder = new StateDictFinder();
        int depth = root instanceof Mapping ? MAX_DEPTH : MAX_DEPTH + 1;
        finder.search(root, "", depth, Collections.newSetFromMap(new IdentityHashMap<>()));
        if (key != null) {
            return new Found(finder.named(key), List.of());
        }
        Set<String> keys = entries(root).keySet();
        if (root instanceof Mapping && keys.isEmpty()) {
            return new Found(new LinkedHashMap<>(), List.of());
        }
        if (finder.candidates.isEmpty()) {
            if (keys.equals(OPTIMIZER)) {
                throw new IllegalArgumentException("the file holds the state of an optimizer, not of a network");
            }
            throw new IllegalArgumentException("no tensors were found: the file holds "
                    + (keys.isEmpty() ? root.noun() : "a dict of " + enumerated(keys)) + finder.unread());
        }
        Found found = finder.choose();
        if (finder.foreign.isEmpty()) {
            return found;
        }
        var remarks = new ArrayList<>(found.remarks());
        remarks.add("not read, no tensors: " + enumerated(finder.foreign));
        return new Found(found.tensors(), remarks);
    }

    /** Returns the continuation of a message that names the objects that were not read. */
    private String unread() {
        return foreign.isEmpty()
                ? ""
                : ", with Python objects that are not read: " + enumerated(foreign) + ". " + PickleInterpreter.ADVICE;
    }

    private static String enumerated(Collection<String> names) {
        List<String> shown =
                names.stream().limit(NAMES_IN_MESSAGE).map(Printable::text).toList();
        return String.join(", ", shown) + (names.size() > shown.size() ? ", …" : "");
    }

    private void search(Value container, String path, int depth, Set<Value> seen) {
        if (!seen.add(container)) {
            return;
        }
        SequencedMap<String, Value> entries = entries(container);
        SequencedMap<String, TensorView> tensors = tensors(entries);
        if (!tensors.isEmpty() && candidates.put(path, withoutPrefixes(tensors)) != null) {
            throw twice(path);
        }
        if (depth > 0) {
            entries.forEach((name, value) -> {
                if (value instanceof Foreign object) {
                    foreign.add(below(path, name) + " (" + object.name() + ")");
                }
                if (isContainer(value) && !WrapperKeys.isWithoutWeights(name)) {
                    search(value, below(path, name), depth - 1, seen);
                }
            });
        }
    }

    private static boolean isContainer(Value value) {
        return value instanceof Mapping || value instanceof Sequence || value instanceof Tuple;
    }

    /** Returns the entries of a container; the keys of a list are numbers. */
    private static SequencedMap<String, Value> entries(Value container) {
        return switch (container) {
            case Mapping mapping -> mapping.named();
            case Sequence list -> numbered(list.items());
            case Tuple tuple -> numbered(tuple.items());
            default -> new LinkedHashMap<>();
        };
    }

    private static SequencedMap<String, Value> numbered(List<Value> items) {
        var entries = new LinkedHashMap<String, Value>();
        for (int i = 0; i < items.size(); i++) {
            Value item = items.get(i);
            if (item instanceof TensorValue || item instanceof Foreign || isContainer(item)) {
                entries.put(Integer.toString(i), item);
            }
        }
        return entries;
    }

    /**
     * Selects the dict with convolutions, which networks have. Dicts beside a single network may contain its
     * classifier.
     */
    private Found choose() throws SeveralException {
        SequencedMap<String, SequencedMap<String, TensorView>> chosen = networks();
        if (chosen.size() == 1) {
            return withOthers(chosen.firstEntry().getKey(), chosen.keySet(), List.of());
        }
        List<String> averages = chosen.keySet().stream()
                .filter(key -> WrapperKeys.rankOfAverage(key) < Integer.MAX_VALUE)
                .sorted(Comparator.comparingInt(WrapperKeys::rankOfAverage))
                .toList();
        boolean named = averages.stream().allMatch(key -> hasNames(chosen.get(key)));
        if (!averages.isEmpty() && named && chosen.size() - averages.size() <= 1) {
            String average = averages.getFirst();
            String remark = "took the averaged weights, " + Printable.text(average) + ", of "
                    + String.join(
                            ", ", chosen.keySet().stream().map(Printable::text).toList());
            return withOthers(average, chosen.keySet(), List.of(remark));
        }
        throw new SeveralException(
                chosen.keySet().stream().map(StateDictFinder::shown).toList());
    }

    /** Returns true unless the tensors are those of a list, whose names are numbers. */
    private static boolean hasNames(@Nullable SequencedMap<String, TensorView> tensors) {
        return tensors != null && tensors.keySet().stream().anyMatch(name -> name.contains("."));
    }

    /**
     * Returns a network together with the dicts beside it that may belong to it, such as {@code {"backbone": {…},
     * "head": {…}}}. In this case, keys are prepended to all names. Vectors and unrelated matrices are skipped.
     *
     * @param path the path of the network
     * @param networks the paths of all networks
     */
    private Found withOthers(String path, Set<String> networks, List<String> remarks) {
        var others = new LinkedHashMap<>(candidates);
        others.remove(path);
        others.keySet().removeAll(networks);
        var all = new ArrayList<>(remarks);
        var loose = new ArrayList<String>();
        others.entrySet().removeIf(other -> {
            boolean matters = other.getValue().entrySet().stream()
                    .anyMatch(entry -> isMatrix(entry.getValue())
                            && below(other.getKey(), entry.getKey()).contains("."));
            if (!matters) {
                other.getValue().forEach((name, view) -> {
                    if (view.type().isReal() && view.count() > 1) {
                        loose.add(Printable.text(below(other.getKey(), name)));
                    }
                });
            }
            return !matters;
        });
        if (!loose.isEmpty()) {
            all.add("not used: " + enumerated(loose));
        }
        SequencedMap<String, TensorView> network = Objects.requireNonNull(candidates.get(path));
        if (others.isEmpty()) {
            return new Found(network, all);
        }
        var tensors = new LinkedHashMap<String, TensorView>();
        network.forEach((name, view) -> tensors.put(below(path, name), view));
        others.forEach((key, values) -> values.forEach((name, view) -> {
            if (tensors.put(below(key, name), view) != null) {
                throw twice(below(key, name));
            }
        }));
        return new Found(tensors, all);
    }

    /** Reports a path that is ambiguous, because keys may contain dots. */
    private static IllegalArgumentException twice(String path) {
        return new IllegalArgumentException(
                "the key '" + Printable.text(path) + "' is ambiguous: it also denotes an entry of a nested dict");
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean isMatrix(TensorView view) {
        return view.type().isReal() && view.sizes().length >= 2;
    }

    private static boolean isConvolution(TensorView view) {
        return view.sizes().length == CONVOLUTION;
    }

    private static String shown(String key) {
        return key.isEmpty() ? "the file's own tensors" : Printable.text(key);
    }

    private SequencedMap<String, TensorView> named(String key) {
        String path = "";
        for (String candidate : candidates.keySet()) {
            boolean begins = key.equals(candidate) || key.startsWith(candidate + ".");
            path = begins && candidate.length() > path.length() ? candidate : path;
        }
        SequencedMap<String, TensorView> below = new LinkedHashMap<>();
        SequencedMap<String, TensorView> tensors = candidates.get(path);
        if (tensors != null) {
            below = below(key.substring(path.isEmpty() ? 0 : Math.min(key.length(), path.length() + 1)), tensors);
        }
        SequencedMap<String, SequencedMap<String, TensorView>> networks = networks();
        if (below.isEmpty() && networks.size() == 1) {
            below = below(key, networks.firstEntry().getValue());
        }
        if (below.isEmpty()) {
            throw new IllegalArgumentException("there are no tensors under the key '" + Printable.text(key)
                    + "'; there are some under "
                    + enumerated(candidates.keySet().stream()
                            .map(StateDictFinder::shown)
                            .toList()));
        }
        return below;
    }

    /** Returns the state dicts with convolutions; all if none has any. */
    private SequencedMap<String, SequencedMap<String, TensorView>> networks() {
        var networks = new LinkedHashMap<>(candidates);
        networks.values().removeIf(tensors -> tensors.values().stream().noneMatch(StateDictFinder::isConvolution));
        return networks.isEmpty() ? candidates : networks;
    }

    /**
     * Returns the tensors whose names begin with a prefix, or with the rest of it if the names have lost the same part.
     */
    private static SequencedMap<String, TensorView> below(String prefix, SequencedMap<String, TensorView> tensors) {
        SequencedMap<String, TensorView> below = strictlyBelow(prefix, tensors);
        return below.isEmpty() ? strictlyBelow(withoutPrefixes(prefix), tensors) : below;
    }

    private static SequencedMap<String, TensorView> strictlyBelow(
            String prefix, SequencedMap<String, TensorView> tensors) {
        if (prefix.isEmpty()) {
            return tensors;
        }
        var below = new LinkedHashMap<String, TensorView>();
        tensors.forEach((name, view) -> {
            if (name.startsWith(prefix + ".")) {
                below.put(name.substring(prefix.length() + 1), view);
            }
        });
        return below;
    }

    private static SequencedMap<String, TensorView> tensors(SequencedMap<String, Value> entries) {
        var tensors = new LinkedHashMap<String, TensorView>();
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
            if (entry.getValue() instanceof TensorValue tensor) {
                tensors.put(entry.getKey(), tensor.view());
            }
        }
        return tensors;
    }

    /** Removes the prefixes that were also removed from the names. */
    private static String withoutPrefixes(String key) {
        String result = key;
        for (String prefix : WrapperKeys.prefixes()) {
            result = result.startsWith(prefix) ? result.substring(prefix.length()) : result;
        }
        return result;
    }

    private static SequencedMap<String, TensorView> withoutPrefixes(SequencedMap<String, TensorView> tensors) {
        SequencedMap<String, TensorView> result = tensors;
        for (int i = 0; i < MAX_PREFIXES; i++) {
            String prefix = sharedPrefix(result);
            if (prefix == null) {
                break;
            }
            var shortened = new LinkedHashMap<String, TensorView>();
            result.forEach((name, view) -> shortened.put(name.substring(prefix.length()), view));
            result = shortened;
        }
        return result;
    }

    private static @Nullable String sharedPrefix(SequencedMap<String, TensorView> tensors) {
        for (String prefix : WrapperKeys.prefixes()) {
            if (tensors.keySet().stream()
                    .allMatch(name -> name.length() > prefix.length() && name.startsWith(prefix))) {
                return prefix;
            }
        }
        return null;
    }
}
