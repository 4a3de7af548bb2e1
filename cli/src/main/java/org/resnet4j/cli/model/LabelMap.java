package org.resnet4j.cli.model;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.model.Model;
import org.resnet4j.model.labels.LabelSet;

/** The mapping from the classes of a dataset to the classes of a model. */
public final class LabelMap {
    private static final int MAX_NAMED = 5;

    private LabelMap() {}

    /**
     * Maps classes by name, so that the dataset may have fewer classes or another order. Folders of ImageNet are mapped
     * by their synsets. Classes are mapped by number if the model's labels are only numbers and there are equally many,
     * or if the labels are those of a well-known dataset and the classes are numbers.
     *
     * @return for each class of the dataset, the number of the model's class
     */
    public static int[] of(String source, List<String> dataset, List<String> model) throws CommandFailure {
        if (isNumbered(model) && dataset.size() == model.size()) {
            return IntStream.range(0, dataset.size()).toArray();
        }
        // Other operating systems and other software may write the same label in another Unicode form.
        Optional<int[]> byName =
                byName(dataset, model.stream().map(LabelMap::composed).toList());
        if (byName.isPresent()) {
            return checked(source, model, byName.get());
        }
        Optional<LabelSet> set = LabelSet.of(model);
        if (set.isPresent()) {
            List<String> numbers =
                    IntStream.range(0, model.size()).mapToObj(Integer::toString).toList();
            Optional<int[]> found = byName(dataset, set.get().synsets()).or(() -> byName(dataset, numbers));
            if (found.isPresent()) {
                return found.get();
            }
        }
        List<String> known = model.stream().map(LabelMap::composed).toList();
        List<String> unknown =
                dataset.stream().filter(name -> !known.contains(composed(name))).toList();
        throw CommandFailure.input(
                source,
                source + ": the model does not have the"
                        + " class" + (unknown.size() == 1 ? " " : "es ") + list(unknown) + "; it has "
                        + list(model));
    }

    private static boolean isNumbered(List<String> labels) {
        return IntStream.range(0, labels.size()).allMatch(i -> labels.get(i).equals(Integer.toString(i)));
    }

    /** Returns the number of the name of each class; empty if one is unknown. */
    private static Optional<int[]> byName(List<String> classes, List<String> names) {
        int[] found =
                classes.stream().mapToInt(name -> names.indexOf(composed(name))).toArray();
        return Arrays.stream(found).allMatch(index -> index >= 0) ? Optional.of(found) : Optional.empty();
    }

    /** Rejects a name that several classes of the model have. */
    private static int[] checked(String source, List<String> model, int[] found) throws CommandFailure {
        for (int index : found) {
            String label = model.get(index);
            if (model.indexOf(label) != model.lastIndexOf(label)) {
                throw CommandFailure.input(
                        source,
                        source + ": the model has several classes with the name " + label
                                + "; the pictures cannot be assigned to one of them");
            }
        }
        return found;
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
