package org.resnet4j.cli.model;

import java.text.Normalizer;
import java.util.List;
import java.util.stream.IntStream;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.model.Model;

/** Which of a model's classes each class of a dataset is. */
public final class LabelMap {
    private static final int MAX_NAMED = 5;

    private LabelMap() {}

    /**
     * By name, so that a dataset may have fewer classes or another order; by number where the model's classes have no
     * names but their numbers and there are as many.
     */
    public static int[] of(String source, List<String> dataset, List<String> model) throws CommandFailure {
        boolean unnamed =
                IntStream.range(0, model.size()).allMatch(i -> model.get(i).equals(Integer.toString(i)));
        if (unnamed && dataset.size() == model.size()) {
            return IntStream.range(0, dataset.size()).toArray();
        }
        // A label may come from a folder of another system, or from a model of other software.
        List<String> known = model.stream().map(LabelMap::composed).toList();
        List<String> unknown =
                dataset.stream().filter(name -> !known.contains(composed(name))).toList();
        if (!unknown.isEmpty()) {
            throw CommandFailure.input(
                    source,
                    source + ": the model does not know the class" + (unknown.size() == 1 ? " " : "es ") + list(unknown)
                            + "; it knows " + list(model));
        }
        return dataset.stream().map(LabelMap::composed).mapToInt(known::indexOf).toArray();
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** Refuses a network with one output: it tells nothing apart. */
    public static void requireSeveral(Model model) throws CommandFailure {
        if (model.labels().size() < 2) {
            String name = model.network().spec().name();
            throw CommandFailure.input(
                    name,
                    "the network " + name
                            + " has one output, whose softmax is always 100 %; classes are told apart by two"
                            + " or more");
        }
    }

    private static String list(List<String> names) {
        List<String> shown = names.subList(0, Math.min(MAX_NAMED, names.size()));
        return String.join(", ", shown) + (names.size() > MAX_NAMED ? ", … (" + names.size() + ")" : "");
    }
}
