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
 * Where a model is wrong, for people.
 *
 * @param names of the classes, as the model counts them
 * @param mistakes pictures of the surest wrong answers
 */
record ErrorsPage(String model, String source, Judgements judgements, List<String> names, List<Picture> mistakes) {
    private static final double PERCENT = 100;

    /** A matrix of more classes cannot be read. */
    private static final int MATRIX = 25;

    private static final int CONFUSIONS = 30;

    String html() {
        long wrong = judgements.all().stream().filter(one -> !one.isRight()).count();
        String lead = String.format(
                Locale.ROOT,
                "%,d of %,d images are right: %.2f %%. %,d are wrong.",
                judgements.all().size() - wrong,
                judgements.all().size(),
                PERCENT * judgements.accuracy(),
                wrong);
        var sections = new ArrayList<Section>();
        sections.add(new Section("What is taken for what", List.of(confusedMost()), List.of(), tables()));
        if (!mistakes.isEmpty()) {
            sections.add(new Section(
                    "The surest mistakes",
                    List.of("Wrong answers with the highest probability, each beside what speaks for the answer"
                            + " (Grad-CAM). Look for labels that are wrong, and for what the network should not"
                            + " look at."),
                    List.of(),
                    List.of(),
                    mistakes));
        }
        sections.add(calibration());
        sections.add(perClass());
        return new Page("Where " + model + " is wrong", List.of(lead), sections, "Measured on " + source + ".").html();
    }

    private String confusedMost() {
        List<Confusion> confusions = judgements.confusions();
        if (confusions.isEmpty()) {
            return "No image is taken for another class.";
        }
        Confusion most = confusions.getFirst();
        return String.format(
                Locale.ROOT,
                "Most often: %s is taken for %s, %,d times.",
                names.get(most.truth()),
                names.get(most.said()),
                most.count());
    }

    private List<Table> tables() {
        if (names.size() <= MATRIX) {
            var columns = new ArrayList<String>();
            columns.add("is \\ said to be");
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
            return List.of(new Table("Images of each class, by what they are said to be", columns, rows));
        }
        List<List<String>> rows = judgements.confusions().stream()
                .limit(CONFUSIONS)
                .map(confusion -> List.of(
                        names.get(confusion.truth()), names.get(confusion.said()), Integer.toString(confusion.count())))
                .toList();
        return List.of(new Table("The most frequent confusions", List.of("is", "said to be", "images"), rows));
    }

    private Section calibration() {
        List<Bin> bins = judgements.bins();
        var points = bins.stream()
                .map(bin -> new Point(PERCENT * bin.confidence(), PERCENT * bin.right()))
                .toList();
        double error = PERCENT * judgements.calibrationError();
        String description = String.format(
                Locale.ROOT,
                "Of the answers that the network is %.0f %% sure of, %.0f %% are right; of those it is %.0f %% sure"
                        + " of, %.0f %%.",
                points.getFirst().x(),
                points.getFirst().y(),
                points.getLast().x(),
                points.getLast().y());
        var plot = new Plot(
                "How often an answer is right, by how sure the network is of it",
                description,
                new Axis("probability of the answer, per cent", false),
                new Axis("answers that are right, per cent", false),
                List.of(
                        new Series(model, 0, false, points),
                        new Series(
                                "as sure as right", 1, true, List.of(new Point(0, 0), new Point(PERCENT, PERCENT)))));
        String text = String.format(
                Locale.ROOT,
                "Below the broken line the network is surer than it should be, above it less sure. In the mean the two"
                        + " are %.1f per cent apart (the expected calibration error; Guo et al., 2017).",
                error);
        List<List<String>> rows = bins.stream()
                .map(bin -> List.of(
                        String.format(Locale.ROOT, "%.1f %%", PERCENT * bin.confidence()),
                        String.format(Locale.ROOT, "%.1f %%", PERCENT * bin.right()),
                        Integer.toString(bin.count())))
                .toList();
        return new Section(
                "How sure, and how right",
                List.of(text),
                List.of(plot),
                List.of(new Table("Answers by their probability", List.of("sure", "right", "images"), rows)));
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
                "Class by class",
                List.of("Found: the share of the class's images that are said to be of it (recall). Right: the share"
                        + " of what is said to be of the class that is (precision)."),
                List.of(),
                List.of(new Table("Classes", List.of("class", "images", "found", "right"), rows)));
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f %%", PERCENT * value);
    }
}
