package org.resnet4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.resnet4j.evaluation.Judgements;
import org.resnet4j.evaluation.Judgements.Confusion;

/**
 * The tables on the classes that a model confuses.
 *
 * @param judgements the predictions with the true classes
 * @param names the names of the classes, in the order of the model
 */
public record ClassTables(Judgements judgements, List<String> names) {
    private static final double PERCENT = 100;

    /** The largest number of classes for which the confusion matrix is readable. */
    private static final int MATRIX = 25;

    private static final int CONFUSIONS = 30;

    /** Returns a sentence on the most frequent confusion. */
    public String confusedMost() {
        List<Confusion> confusions = judgements.confusions();
        if (confusions.isEmpty()) {
            return "No image is misclassified.";
        }
        Confusion most = confusions.getFirst();
        return String.format(
                Locale.ROOT,
                "Most frequent confusion: %s is taken for %s, %,d %s.",
                names.get(most.truth()),
                names.get(most.said()),
                most.count(),
                most.count() == 1 ? "time" : "times");
    }

    /** Returns the confusion matrix, or the most frequent confusions of many classes. */
    public Table confusions() {
        if (names.size() <= MATRIX) {
            return matrix();
        }
        List<List<String>> rows = judgements.confusions().stream()
                .limit(CONFUSIONS)
                .map(confusion -> List.of(
                        names.get(confusion.truth()), names.get(confusion.said()), Integer.toString(confusion.count())))
                .toList();
        return new Table("Most frequent confusions", List.of("true", "predicted", "images"), rows);
    }

    private Table matrix() {
        var columns = new ArrayList<String>();
        columns.add("true \\ predicted");
        columns.addAll(names);
        int[][] matrix = judgements.matrix();
        List<List<String>> rows = IntStream.range(0, names.size())
                .mapToObj(truth -> {
                    var row = new ArrayList<String>();
                    row.add(names.get(truth));
                    Arrays.stream(matrix[truth]).forEach(count -> row.add(count == 0 ? "·" : Integer.toString(count)));
                    return List.copyOf(row);
                })
                .toList();
        return new Table("Number of images by true and predicted class", columns, rows, true);
    }

    /** Returns a sentence that explains the columns of {@link #perClass}. */
    public static String explanation() {
        return "Recall: the share of the images of the class that are predicted as this class. Precision: the share of"
                + " the predictions of the class that are correct.";
    }

    /** Returns recall and precision of each class. */
    public Table perClass() {
        List<List<String>> rows = IntStream.range(0, names.size())
                .mapToObj(index -> {
                    var one = judgements.of(index);
                    return List.of(
                            names.get(index),
                            Integer.toString(one.images()),
                            share(one.recall()),
                            share(one.precision()));
                })
                .toList();
        return new Table("Classes", List.of("class", "images", "recall", "precision"), rows);
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f %%", PERCENT * value);
    }
}
