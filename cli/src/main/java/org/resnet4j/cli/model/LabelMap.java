package org.resnet4j.cli.model;

import java.text.Normalizer;
import java.util.List;
import java.util.stream.IntStream;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.model.Model;

/** The mapping from the classes of a dataset to the classes of a model. */
public final class LabelMap {
    private static final int MAX_NAMED = 5;

    private LabelMap() {}

    /**
     * Maps classes by name, so that the dataset may have fewer classes or another order. Maps them by number if the
     * model's labels are only numbers and there are equally many.
     *
     * @return for each class of the dataset, the number of the model's class
     */
    public static int[] of(String source, List<String> dataset, List<String> model) throws CommandFailure {
        boolean unnamed =
                IntStream.range(0, model.size()).allMatch(i -> model.get(i).equals(Integer.toString(i)));
        if (unnamed && dataset.size() == model.size()) {
            return IntStream.range(0, dataset.size()).toArray();
        }
        // Other operating systems and other software may write the same label in another Unicode form.
        List<String> known = model.stream().map(LabelMap::composed).toList();
        List<String> unknown =
                dataset.stream().filter(name -> !known.contains(composed(name))).toList();
        if (!unknown.isEmpty()) {
            throw CommandFailure.input(
                    source,
                    source + ": the model does not have the"
                            + " class" + (unknown.size() == 1 ? " " : "es ") + list(unknown) + "; it has "
                            + list(model));
        }
        return dataset.stream().map(LabelMap::composed).mapToInt(known::indexOf).toArray();
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** Rejects a network with one output: it cannot tell classes apart. */
    public static void requireSeveral(Model model) throws CommandFailure {
        if (model.labels().size() < 2) {
            String name = model.network().spec().name();
            throw CommandFailure.input(
                    name,
                    "the network " + name
                            + " has one output, whose softmax is always 100 %; a classifier needs two or more");
        }
    }

    private static String list(List<String> names) {
        List<String> shown = names.subList(0, Math.min(MAX_NAMED, names.size()));
        return String.join(", ", shown) + (names.size() > MAX_NAMED ? ", … (" + names.size() + ")" : "");
    }
}
