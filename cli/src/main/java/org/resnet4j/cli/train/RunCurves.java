package org.resnet4j.cli.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Schedule.RunLength;
import org.resnet4j.training.log.MetricsRows;

/**
 * The curves of a run.
 *
 * @param classes the number of classes
 * @param guessing the accuracy of always guessing the most frequent class of the validation set
 */
record RunCurves(int classes, double guessing) {
    private static final double PERCENT = 100;

    /** The number of classes of which one of five answers is always right. */
    private static final int TRIVIAL = 5;

    private static final int POINTS = 400;
    private static final Axis EPOCH = new Axis("epoch", false);

    /** Returns the curves for a run on these data. */
    static RunCurves of(DatasetSplits splits) {
        Dataset validation = splits.validation();
        var images = new int[Math.max(1, validation.classes().size())];
        for (int i = 0; i < validation.size(); i++) {
            images[validation.label(i)]++;
        }
        int most = Arrays.stream(images).max().orElse(0);
        return new RunCurves(splits.classes().size(), (double) most / Math.max(1, validation.size()));
    }

    /** Returns true if the top-5 accuracy says anything about a model with this number of classes. */
    boolean hasTop5() {
        return classes > TRIVIAL;
    }

    /** Returns the curves by epoch. */
    List<Plot> of(MetricsRows epochs) {
        return of(
                epochs,
                byEpoch(
                        "Learning rate",
                        Axis.fromZero("learning rate at the end of the epoch"),
                        List.of(new Series("rate", 3, false, Series.byEpoch(epochs, "learningRate", 1)))));
    }

    /**
     * Returns the curves, with the learning rate of every step.
     *
     * @param rate the learning rate of every step
     * @param length the length of the run
     */
    List<Plot> of(MetricsRows epochs, LearningRate rate, RunLength length) {
        return of(epochs, bySteps(rate, length));
    }

    private List<Plot> of(MetricsRows epochs, Plot rate) {
        return List.of(
                byEpoch(
                        "Loss",
                        Axis.fromZero("cross-entropy"),
                        List.of(
                                new Series("training", 1, false, Series.byEpoch(epochs, "trainLoss", 1)),
                                new Series("validation", 0, false, Series.byEpoch(epochs, "validationLoss", 1)))),
                byEpoch("Accuracy", Axis.percent("percent"), accuracy(epochs)),
                rate,
                byEpoch(
                        "Speed",
                        Axis.fromZero("images per second"),
                        List.of(new Series("training", 4, false, Series.byEpoch(epochs, "imagesPerSecond", 1)))));
    }

    private List<Series> accuracy(MetricsRows epochs) {
        var series = new ArrayList<Series>();
        series.add(new Series("training, top-1", 1, false, Series.byEpoch(epochs, "trainTop1", PERCENT)));
        List<Point> validation = Series.byEpoch(epochs, "top1", PERCENT);
        series.add(new Series("validation, top-1", 0, false, validation));
        if (hasTop5()) {
            series.add(new Series("validation, top-5", 2, false, Series.byEpoch(epochs, "top5", PERCENT)));
        }
        if (!validation.isEmpty()) {
            series.add(new Series(
                    "guessing",
                    3,
                    true,
                    validation.stream()
                            .map(point -> new Point(point.x(), PERCENT * guessing))
                            .toList()));
        }
        return series;
    }

    private static Plot bySteps(LearningRate rate, RunLength length) {
        var points = new ArrayList<Point>();
        long count = Math.min(POINTS, length.steps());
        for (long i = 0; i < count; i++) {
            long step = count == 1 ? 0 : i * (length.steps() - 1) / (count - 1);
            points.add(new Point((double) step / length.stepsPerEpoch(), rate.at(step, length)));
        }
        return plot(
                "Learning rate",
                "Learning rate by step",
                new Axis("epoch, by step", false),
                Axis.fromZero("learning rate"),
                List.of(new Series("rate", 3, false, points)));
    }

    private static Plot byEpoch(String caption, Axis y, List<Series> series) {
        return plot(caption, caption + " by epoch", EPOCH, y, series);
    }

    private static Plot plot(String caption, String what, Axis x, Axis y, List<Series> series) {
        var words = new ArrayList<String>();
        for (Series line : series) {
            if (!line.points().isEmpty()) {
                words.add(String.format(
                        Locale.ROOT,
                        "%s goes from %.4g to %.4g",
                        line.name(),
                        line.points().getFirst().y(),
                        line.points().getLast().y()));
            }
        }
        return new Plot(caption, what + ": " + String.join("; ", words) + ".", x, y, series);
    }
}
