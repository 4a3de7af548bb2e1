package org.resnet4j.cli.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.ClassTables;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;
import org.resnet4j.cli.report.Table;
import org.resnet4j.evaluation.Judgements;
import org.resnet4j.evaluation.Judgements.Bin;

/**
 * The page on the errors of a model.
 *
 * @param model the name of the model
 * @param source the data
 * @param judgements the predictions with the true classes
 * @param names the names of the classes, in the order of the model
 * @param mistakes pictures of the most confident mistakes
 */
record ErrorsPage(String model, String source, Judgements judgements, List<String> names, List<Picture> mistakes) {
    private static final double PERCENT = 100;

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
        sections.add(new Section(
                "Confusion matrix", List.of(tables().confusedMost()), List.of(), List.of(tables().confusions())));
        if (!mistakes.isEmpty()) {
            sections.add(new Section(
                    "Most confident mistakes",
                    List.of("Mistakes with the highest probability, each with a heat map of the evidence for the"
                            + " wrong class (Grad-CAM), from blue (none) to red (strongest). Look for wrong"
                            + " labels, and for evidence that should be irrelevant."),
                    List.of(),
                    List.of(),
                    mistakes));
        }
        sections.add(calibration());
        sections.add(perClass());
        return new Page("Errors of " + model, List.of(lead), sections, "Measured on " + source + ".").html();
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
                Axis.percent("predicted probability in percent"),
                Axis.percent("accuracy in percent"),
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
        return new Section(
                "Results by class", List.of(ClassTables.explanation()), List.of(), List.of(tables().perClass()));
    }

    private ClassTables tables() {
        return new ClassTables(judgements, names);
    }
}
