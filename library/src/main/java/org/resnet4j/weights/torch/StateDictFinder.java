package org.resnet4j.weights.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.torch.Value.Mapping;
import org.resnet4j.weights.torch.Value.TensorValue;

/** Finds the state dict in what was saved; the rules are told in {@link TorchSource}. */
final class StateDictFinder {
    /** Averaged weights last: they are taken where there are no others. */
    private static final List<String> WRAPPERS =
            List.of("state_dict", "model", "net", "network", "model_ema", "state_dict_ema");

    /** {@code {"model": {"state_dict": …}}} is found, deeper ones are not. */
    private static final int MAX_WRAPPERS = 2;

    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

    /** {@code module._orig_mod.module.} has been seen. */
    private static final int MAX_PREFIXES = 4;

    private static final int NAMES_IN_MESSAGE = 8;

    private StateDictFinder() {}

    /**
     * The tensors by their names.
     *
     * @throws IllegalArgumentException if there is no state dict
     */
    static SequencedMap<String, TensorView> find(Value root) {
        if (!(root instanceof Mapping mapping)) {
            throw new IllegalArgumentException("the file holds " + root.noun() + ", not a state dict");
        }
        if (mapping.named().isEmpty()) {
            return new LinkedHashMap<>();
        }
        Mapping found = find(mapping, MAX_WRAPPERS);
        if (found == null) {
            List<String> keys = mapping.named().keySet().stream()
                    .limit(NAMES_IN_MESSAGE)
                    .map(Printable::text)
                    .toList();
            throw new IllegalArgumentException("no tensors were found: the file holds a dict of "
                    + String.join(", ", keys) + (mapping.named().size() > keys.size() ? ", …" : ""));
        }
        return withoutPrefixes(tensors(found));
    }

    private static @Nullable Mapping find(Mapping mapping, int wrappers) {
        if (wrappers > 0) {
            for (String name : WRAPPERS) {
                if (mapping.named().get(name) instanceof Mapping inner) {
                    Mapping found = find(inner, wrappers - 1);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return mapping.named().values().stream().anyMatch(TensorValue.class::isInstance) ? mapping : null;
    }

    private static SequencedMap<String, TensorView> tensors(Mapping mapping) {
        var tensors = new LinkedHashMap<String, TensorView>();
        mapping.named().forEach((name, value) -> {
            if (value instanceof TensorValue tensor) {
                tensors.put(name, tensor.view());
            }
        });
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
