package org.resnet4j.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.resnet4j.cli.experiment.Contest.Result;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;

/**
 * The page on the effect of depth on plain and residual networks.
 *
 * @param contest the progress of the experiment
 * @param networks the number of networks
 */
record DegradationPage(Contest contest, int networks) {
    private static final String SOURCE =
            "Published: He et al., \"Deep Residual Learning for Image Recognition\", 2015, table 6 and figure 6:"
                    + " CIFAR-10, 164 epochs.";

    Page page() {
        var lead = new ArrayList<>(ContestPage.unfinished(contest, networks));
        verdict("Plain", DegradationCommand.PLAIN, lead);
        verdict("Residual", DegradationCommand.RESIDUAL, lead);
        fit(lead);
        sideBySide(lead);
        return new Page("Plain and residual networks of increasing depth", lead, sections(), SOURCE);
    }

    private static int depth(Result result) {
        return result.contender().spec().depth();
    }

    /** Adds a sentence on the effect of depth on the networks of a family, with their figures. */
    private void verdict(String title, String family, List<String> lead) {
        List<Result> done = contest.finished(family);
        if (done.size() < 2) {
            return;
        }
        Result shallow = done.getFirst();
        Result deep = done.getLast();
        String change = !contest.differ(shallow, deep)
                ? "do not change significantly with depth"
                : deep.validationError() > shallow.validationError() ? "get worse with depth" : "get better with depth";
        lead.add(String.format(
                Locale.ROOT,
                "%s networks %s: the validation error is %.2f %% with %d layers and %.2f %% with %d.",
                title,
                change,
                shallow.validationError(),
                depth(shallow),
                deep.validationError(),
                depth(deep)));
    }

    /** Adds the paper's argument if these networks support it: deep plain networks do not overfit, they fail to fit. */
    private void fit(List<String> lead) {
        List<Result> done = contest.finished(DegradationCommand.PLAIN);
        if (done.size() < 2) {
            return;
        }
        Result shallow = done.getFirst();
        Result deep = done.getLast();
        if (contest.differ(shallow, deep)
                && deep.validationError() > shallow.validationError()
                && deep.trainingError() > shallow.trainingError()) {
            lead.add(String.format(
                    Locale.ROOT,
                    "The training error of the deep plain network is higher, too (%.2f %%, against %.2f %%): it does"
                            + " not overfit, it fails to fit.",
                    deep.trainingError(),
                    shallow.trainingError()));
        }
    }

    /** Adds a comparison of the deepest networks with and without shortcuts, if both are complete. */
    private void sideBySide(List<String> lead) {
        List<Result> plain = contest.finished(DegradationCommand.PLAIN);
        List<Result> residual = contest.finished(DegradationCommand.RESIDUAL);
        if (plain.size() > 1 && residual.size() > 1 && depth(plain.getLast()) == depth(residual.getLast())) {
            lead.add(String.format(
                    Locale.ROOT,
                    "With %d layers, the validation error is %.2f %% without shortcuts and %.2f %% with them.",
                    depth(plain.getLast()),
                    plain.getLast().validationError(),
                    residual.getLast().validationError()));
        }
    }

    private List<Section> sections() {
        var sections = new ArrayList<Section>();
        sections.add(reading());
        sections.add(new Section(
                "Error by depth",
                List.of(),
                List.of(byDepth(false), byDepth(true)),
                List.of(ContestPage.table(
                        "After " + ContestPage.epochs(contest.epochs()) + ", with the paper's test error on CIFAR-10",
                        contest,
                        contest.results()))));
        sections.add(new Section(
                "Error by epoch",
                List.of(),
                List.of(
                        ContestPage.errors(
                                "Plain networks: training error", contest.of(DegradationCommand.PLAIN), true, ""),
                        ContestPage.errors(
                                "Residual networks: training error", contest.of(DegradationCommand.RESIDUAL), true, ""),
                        ContestPage.errors(
                                "Plain networks: validation error", contest.of(DegradationCommand.PLAIN), false, ""),
                        ContestPage.errors(
                                "Residual networks: validation error",
                                contest.of(DegradationCommand.RESIDUAL),
                                false,
                                "")),
                List.of()));
        return sections;
    }

    private Plot byDepth(boolean training) {
        var series = new ArrayList<Series>();
        var words = new ArrayList<String>();
        for (String family : List.of(DegradationCommand.RESIDUAL, DegradationCommand.PLAIN)) {
            var points = new ArrayList<Point>();
            for (Result result : contest.finished(family)) {
                points.add(new Point(depth(result), training ? result.trainingError() : result.validationError()));
            }
            boolean plain = family.equals(DegradationCommand.PLAIN);
            series.add(new Series(family, plain ? 1 : 0, plain, points));
            if (!points.isEmpty()) {
                words.add(String.format(
                        Locale.ROOT,
                        "%s from %.2f %% to %.2f %%",
                        family,
                        points.getFirst().y(),
                        points.getLast().y()));
            }
        }
        String caption = training ? "Training error by depth" : "Validation error by depth";
        return new Plot(
                caption,
                caption + ": " + String.join("; ", words) + ".",
                new Axis("layers", false),
                Axis.fromZero("error in percent"),
                series);
    }

    private Section reading() {
        return new Section(
                "How to read this",
                List.of(
                        "A deeper network can represent everything that a shallower one can: its additional layers can"
                                + " be the identity. If it is nevertheless worse on the training set, training did not"
                                + " find this solution. He et al. (2015) call this degradation. A residual block is the"
                                + " identity when its branch outputs zeros.",
                        "A plain network has the same layers as the residual network of the same depth and starts from"
                            + " the same initial weights. It only lacks the shortcuts, which have no parameters here"
                            + " (option A).",
                        "The published networks were trained for 164 epochs, these for "
                                + contest.epochs() + ": compare the trend with depth, not the values. For plain"
                                + " networks the paper shows curves and no numbers (figure"
                                + " 6). Errors are those after the last epoch, not of the"
                                + " best one. A difference counts as significant if it"
                                + " exceeds twice the standard error due to the number of"
                                + " validation images. Only one seed was tried."),
                List.of(),
                List.of());
    }
}
