package org.resnet4j.cli.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;
import org.resnet4j.cli.report.Table;
import org.resnet4j.evaluation.Judgements;
import org.resnet4j.evaluation.Judgements.Bin;
import org.resnet4j.evaluation.Judgements.Confusion;

/**
 * The page on the errors of a model.
 *
 * @param model the name of the network
 * @param source the data
 * @param judgements the predictions with the true classes
 * @param names the names of the classes, in the order of the model
 * @param mistakes pictures of the most confident mistakes
 */
record ErrorsPage(String model, String source, Judgements judgements, List<String> names, List<Picture> mistakes) {
    private static final double PERCENT = 100;

    /** The largest number of classes for which the confusion matrix is readable. */
    private static final int MATRIX = 25;

    private static final int CONFUSIONS = 30;

    String html() {
        long wrong = judgements.all().stream().filter(one -> !one.isRight()).count();
        String lead = String.format(
                Locale.ROOT,
                "%,d of %,d images are classified correctly: %.2f %%. %,d are misclassified.",
                judgements.all().size() - wrong,
                judgements.all().size(),
                PERCENT * judgements.accuracy(),
                wrong);
        var sections = new ArrayList<Section>();
        sections.add(new Section("Confusion matrix", List.of(confusedMost()), List.of(), tables()));
        if (!mistakes.isEmpty()) {
            sections.add(new Section(
                    "Most confident mistakes",
                    List.of("Mistakes with the highest probability, each with a heat map of the evidence for the"
                            + " wrong class (Grad-CAM). Look for wrong labels, and for evidence that should be"
                            + " irrelevant."),
                    List.of(),
                    List.of(),
                    mistakes));
        }
        sections.add(calibration());
        sections.add(perClass());
        return new Page("Errors of " + model, List.of(lead), sections, "Measured on " + source + ".").html();
    }

    private String confusedMost() {
        List<Confusion> confusions = judgements.confusions();
        if (confusions.isEmpty()) {
            return "No image is misclassified.";
        }
        Confusion most = confusions.getFirst();
        return String.format(
                Locale.ROOT,
                "Most frequent confusion: %s is taken for %s, %,d times.",
                names.get(most.truth()),
                names.get(most.said()),
                most.count());
    }

    private List<Table> tables() {
        if (names.size() <= MATRIX) {
            var columns = new ArrayList<String>();
            columns.add("true \\ predicted");
            columns.addAll(names);
            int[][] matrix = judgements.matrix();
            List<List<String>> rows = IntStream.range(0, names.size())
                    .mapToObj(truth -> {
                        var row = new ArrayList<String>();
                        row.add(names.get(truth));
                        Arrays.stream(matrix[truth])
                                .forEach(count -> row.add(count == 0 ? "·" : Integer.toString(count)));
                        return List.copyOf(row);
                    })
                    .toList();
            return List.of(new Table("Number of images by true and predicted class", columns, rows));
        }
        List<List<String>> rows = judgements.confusions().stream()
                .limit(CONFUSIONS)
                .map(confusion -> List.of(
                        names.get(confusion.truth()), names.get(confusion.said()), Integer.toString(confusion.count())))
                .toList();
        return List.of(new Table("Most frequent confusions", List.of("true", "predicted", "images"), rows));
    }

    private Section calibration() {
        List<Bin> bins = judgements.bins();
        var points = bins.stream()
                .map(bin -> new Point(PERCENT * bin.confidence(), PERCENT * bin.right()))
                .toList();
        double error = PERCENT * judgements.calibrationError();
        String description = String.format(
                Locale.ROOT,
                "Of the predictions with a probability of %.0f %%, %.0f %% are correct; of those with %.0f %%, %.0f"
                        + " %%.",
                points.getFirst().x(),
                points.getFirst().y(),
                points.getLast().x(),
                points.getLast().y());
        var plot = new Plot(
                "Accuracy by predicted probability",
                description,
                new Axis("predicted probability in percent", false),
                new Axis("accuracy in percent", false),
                List.of(
                        new Series(model, 0, false, points),
                        new Series(
                                "perfect calibration",
                                1,
                                true,
                                List.of(new Point(0, 0), new Point(PERCENT, PERCENT)))));
        String text = String.format(
                Locale.ROOT,
                "Below the dashed line the network is overconfident, above it underconfident. The mean difference"
                    + " between probability and accuracy is %.1f percentage points (expected calibration error; Guo et"
                    + " al., 2017).",
                error);
        List<List<String>> rows = bins.stream()
                .map(bin -> List.of(
                        String.format(Locale.ROOT, "%.1f %%", PERCENT * bin.confidence()),
                        String.format(Locale.ROOT, "%.1f %%", PERCENT * bin.right()),
                        Integer.toString(bin.count())))
                .toList();
        return new Section(
                "Calibration",
                List.of(text),
                List.of(plot),
                List.of(new Table(
                        "Accuracy by predicted probability", List.of("probability", "accuracy", "images"), rows)));
    }

    private Section perClass() {
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
        return new Section(
                "Results by class",
                List.of("Recall: the share of the images of the class that are predicted as this class. Precision:"
                        + " the share of the predictions of the class that are correct."),
                List.of(),
                List.of(new Table("Classes", List.of("class", "images", "recall", "precision"), rows)));
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f %%", PERCENT * value);
    }
}
