package org.resnet4j.weights.torch;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.torch.Value.Mapping;
import org.resnet4j.weights.torch.Value.TensorValue;

/**
 * Finds the state dicts in what was saved: the dict itself, and dicts in it, by their keys ({@code model.state_dict}). The
 * rules are told in {@link TorchSource}.
 */
final class StateDictFinder {
    /** The keys of averaged weights that timm takes before those that were trained, the first before the second. */
    private static final List<String> AVERAGES = List.of("state_dict_ema", "model_ema");

    /** {@code {"a": {"b": {"c": {…}}}}} is searched, deeper ones are not. */
    private static final int MAX_DEPTH = 3;

    /** Dicts of optimizers and the like hold tensors, too. */
    private static final List<String> OTHERS = List.of("optim", "sched", "scaler");

    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

    /** {@code module._orig_mod.module.} has been seen. */
    private static final int MAX_PREFIXES = 4;

    private static final int NAMES_IN_MESSAGE = 8;

    /** Convolutions have four axes. */
    private static final int CONVOLUTION = 4;

    private final SequencedMap<String, SequencedMap<String, TensorView>> candidates = new LinkedHashMap<>();

    private StateDictFinder() {}

    /**
     * A state dict.
     *
     * @param tensors by their names
     * @param remark what was chosen where there was a choice, or null
     */
    record Found(
            SequencedMap<String, TensorView> tensors,
            @Nullable String remark) {}

    /** There are several state dicts, and none comes before the others. */
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
     * @param key of the state dict, behind it perhaps what its names begin with; null where it is the only one
     * @throws IllegalArgumentException if there is none
     * @throws SeveralException if there are several and no key
     */
    static Found find(Value root, @Nullable String key) throws SeveralException {
        if (!(root instanceof Mapping mapping)) {
            throw new IllegalArgumentException("the file holds " + root.noun() + ", not a state dict");
        }
        var finder = new StateDictFinder();
        finder.search(mapping, "", MAX_DEPTH, Collections.newSetFromMap(new IdentityHashMap<>()));
        if (key != null) {
            return new Found(finder.named(key), null);
        }
        if (mapping.named().isEmpty()) {
            return new Found(new LinkedHashMap<>(), null);
        }
        if (finder.candidates.isEmpty()) {
            throw new IllegalArgumentException("no tensors were found: the file holds a dict of "
                    + enumerated(mapping.named().keySet()));
        }
        return finder.choose();
    }

    private static String enumerated(Set<String> names) {
        List<String> shown =
                names.stream().limit(NAMES_IN_MESSAGE).map(Printable::text).toList();
        return String.join(", ", shown) + (names.size() > shown.size() ? ", …" : "");
    }

    private void search(Mapping mapping, String path, int depth, Set<Mapping> seen) {
        if (!seen.add(mapping)) {
            return;
        }
        SequencedMap<String, TensorView> tensors = tensors(mapping);
        if (!tensors.isEmpty()) {
            candidates.put(path, withoutPrefixes(tensors));
        }
        if (depth > 0) {
            mapping.named().forEach((name, value) -> {
                if (value instanceof Mapping inner && OTHERS.stream().noneMatch(name::contains)) {
                    search(inner, path.isEmpty() ? name : path + "." + name, depth - 1, seen);
                }
            });
        }
    }

    /** Networks have convolutions; a matrix that stands beside them is no network. */
    private Found choose() throws SeveralException {
        var networks = new LinkedHashMap<>(candidates);
        networks.values().removeIf(tensors -> tensors.values().stream().noneMatch(StateDictFinder::isConvolution));
        SequencedMap<String, SequencedMap<String, TensorView>> chosen = networks.isEmpty() ? candidates : networks;
        if (chosen.size() > 1) {
            for (String average : AVERAGES) {
                SequencedMap<String, TensorView> tensors = chosen.get(average);
                if (tensors != null
                        && chosen.keySet().stream()
                                        .filter(key -> !AVERAGES.contains(key))
                                        .count()
                                <= 1) {
                    return new Found(
                            tensors,
                            "took the averaged weights, " + average + ", of "
                                    + String.join(
                                            ", ",
                                            chosen.keySet().stream()
                                                    .map(Printable::text)
                                                    .toList()));
                }
            }
            throw new SeveralException(
                    chosen.keySet().stream().map(StateDictFinder::shown).toList());
        }
        return new Found(chosen.firstEntry().getValue(), null);
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
        SequencedMap<String, TensorView> tensors = candidates.get(path);
        if (tensors == null && candidates.size() == 1) {
            tensors = candidates.firstEntry().getValue();
        }
        String prefix = key.substring(path.isEmpty() ? 0 : Math.min(key.length(), path.length() + 1));
        SequencedMap<String, TensorView> below = tensors == null ? new LinkedHashMap<>() : below(prefix, tensors);
        if (below.isEmpty()) {
            throw new IllegalArgumentException("there are no tensors under the key '" + Printable.text(key)
                    + "'; there are some under "
                    + enumerated(Set.copyOf(candidates.keySet().stream()
                            .map(StateDictFinder::shown)
                            .toList())));
        }
        return below;
    }

    private static SequencedMap<String, TensorView> below(String prefix, SequencedMap<String, TensorView> tensors) {
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

    private static SequencedMap<String, TensorView> tensors(Mapping mapping) {
        var tensors = new LinkedHashMap<String, TensorView>();
        for (Map.Entry<String, Value> entry : mapping.named().entrySet()) {
            if (entry.getValue() instanceof TensorValue tensor) {
                tensors.put(entry.getKey(), tensor.view());
            }
        }
        return tensors;
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
        for (String prefix : PREFIXES) {
            if (tensors.keySet().stream()
                    .allMatch(name -> name.length() > prefix.length() && name.startsWith(prefix))) {
                return prefix;
            }
        }
        return null;
    }
}
