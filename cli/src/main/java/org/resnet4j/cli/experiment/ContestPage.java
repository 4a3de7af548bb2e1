package org.resnet4j.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Table;
import org.resnet4j.cli.train.TrainingReporter;

/** The common parts of the pages of all experiments. */
final class ContestPage {
    private static final int COLORS = 6;
    private static final double PERCENT = 100;
    private static final Axis EPOCH = new Axis("epoch", false);

    private ContestPage() {}

    static String epochs(int count) {
        return count == 1 ? "1 epoch" : count + " epochs";
    }

    static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f %%", value);
    }

    /**
     * Returns a plot of the error of each network by epoch.
     *
     * @param training true for the training error, false for the validation error
     * @param common the start of titles that the plot leaves out, because the page is about that network
     */
    static Plot errors(String caption, List<Contest.Result> results, boolean training, String common) {
        var series = new ArrayList<Series>();
        var words = new ArrayList<String>();
        for (Contest.Result result : results) {
            var points = Series.byEpoch(result.epochs(), training ? "trainTop1" : "top1", PERCENT).stream()
                    .map(point -> new Series.Point(point.x(), PERCENT - point.y()))
                    .toList();
            if (!points.isEmpty()) {
                String title = result.contender().title();
                String name = title.startsWith(common) ? title.substring(common.length()) : title;
                series.add(new Series(name, series.size() % COLORS, series.size() >= COLORS, points));
                words.add(name + " ends at " + percent(points.getLast().y()));
            }
        }
        return new Plot(
                caption,
                caption + ", by epoch: " + String.join("; ", words) + ".",
                EPOCH,
                Axis.fromZero("error in percent"),
                series);
    }

    /** Returns the error of a network, or the reason why there is none. */
    static String error(Contest contest, Contest.Result result, boolean training) {
        if (result.diverged()) {
            return "diverged in epoch " + (result.epochs().count() + 1);
        }
        String error = percent(training ? result.trainingError() : result.validationError());
        return result.isComplete(contest.epochs())
                ? error
                : error + " after " + result.epochs().count() + " of " + epochs(contest.epochs());
    }

    /** Returns a table of the results beside the published ones. */
    static Table table(String caption, Contest contest, List<Contest.Result> results) {
        var rows = new ArrayList<List<String>>();
        for (Contest.Result result : results) {
            rows.add(List.of(
                    result.contender().title(),
                    String.format(Locale.ROOT, "%,d", result.parameters()),
                    error(contest, result, true),
                    error(contest, result, false),
                    result.contender().published(),
                    TrainingReporter.time(result.epochs().sum("seconds"))));
        }
        return new Table(
                caption,
                List.of("network", "parameters", "training error", "validation error", "published", "time"),
                rows);
    }

    /** Returns a sentence that says that the experiment is incomplete; none if it is complete. */
    static List<String> unfinished(Contest contest, int networks) {
        long complete = contest.results().stream()
                .filter(result -> result.isComplete(contest.epochs()))
                .count();
        return complete == networks
                ? List.of()
                : List.of("This experiment is not finished: " + complete + " of " + networks + " networks are"
                        + " trained.");
    }

    static Section settings(Map<String, String> settings, Table environment) {
        return new Section(
                "Settings and environment",
                List.of("Every network has its own folder beside this page, with its curves, its metrics and the"
                        + " trained model. The same command gives the same numbers, bit for bit."),
                List.of(),
                List.of(Table.of("Settings", settings), environment));
    }
}
