package org.resnet4j.resnet.state;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.resnet4j.tensor.Shape;

/**
 * The modules of a file that read the features of a network: classifiers, projection heads, predictors. They are told
 * by their shapes, because anything can be their name. A module is everything below one name, beside the network's own
 * parts.
 */
final class Heads {
    /** Modules of these names read the features and compute something else than logits. */
    private static final Pattern NO_CLASSIFIER = Pattern.compile(
            "(?i).*(proj|embed|predict|prototype|contrast|queue|cent(er|re)|margin|metric|loss|criterion|optim).*");

    private static final int WINDOW = 4;

    private final Map<String, Map<String, Shape>> modules = new LinkedHashMap<>();
    private final Set<String> heads = new LinkedHashSet<>();

    /**
     * Finds the heads among the tensors that are not the network's.
     *
     * @param others the tensors that are not the network's, by name
     * @param modules returns the module of a tensor; empty for a part of the network
     * @param features the number of features
     */
    Heads(Map<String, Shape> others, Modules modules, int features) {
        others.forEach((name, shape) -> {
            String module = modules.of(name);
            if (!module.isEmpty()) {
                this.modules.computeIfAbsent(module, _ -> new LinkedHashMap<>()).put(name, shape);
            }
        });
        var widths = new HashSet<Integer>();
        widths.add(features);
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Map.Entry<String, Map<String, Shape>> module : this.modules.entrySet()) {
                if (reads(module.getValue(), widths, features) && heads.add(module.getKey())) {
                    module.getValue().values().stream()
                            .filter(Heads::isLinear)
                            .forEach(shape -> widths.add(shape.extent(0)));
                    grows = true;
                }
            }
        }
    }

    /** Names the module of a tensor. */
    interface Modules {
        String of(String name);
    }

    /**
     * Returns true if a module reads features or the output of a head: a linear layer with as many inputs, or, like a
     * normalization, vectors of as many values. Vectors of as many values as there are features are the network's.
     */
    private static boolean reads(Map<String, Shape> module, Set<Integer> widths, int features) {
        boolean convolves = module.values().stream().anyMatch(shape -> shape.rank() == WINDOW && !isLinear(shape));
        boolean linear = module.values().stream().anyMatch(Heads::isLinear);
        return !convolves
                && module.values().stream()
                        .anyMatch(shape -> linear
                                ? isLinear(shape) && widths.contains(shape.extent(1))
                                : shape.rank() == 1 && shape.extent(0) != features && widths.contains(shape.extent(0)));
    }

    private static boolean isLinear(Shape shape) {
        return shape.rank() == 2 || (shape.rank() == WINDOW && shape.extent(2) == 1 && shape.extent(3) == 1);
    }

    /** Returns true if a tensor belongs to a head. */
    boolean contains(String name) {
        return heads.stream().anyMatch(head -> name.equals(head) || name.startsWith(head + "."));
    }

    /** Returns the modules that may be the classifier of a file without one of a usual name; their names end in a dot. */
    List<String> classifiers() {
        return heads.size() == 1
                        && !NO_CLASSIFIER.matcher(heads.iterator().next()).matches()
                ? List.of(heads.iterator().next() + ".")
                : List.of();
    }
}
