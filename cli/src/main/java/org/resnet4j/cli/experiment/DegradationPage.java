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

/** What growing depth does to plain and to residual networks. */
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
        return new Page("Plain and residual networks at growing depth", lead, sections(), SOURCE);
    }

    private static int depth(Result result) {
        return result.contender().spec().depth();
    }

    /** What depth does to the networks of a family, in a sentence with their own figures. */
    private void verdict(String title, String family, List<String> lead) {
        List<Result> done = contest.finished(family);
        if (done.size() < 2) {
            return;
        }
        Result shallow = done.getFirst();
        Result deep = done.getLast();
        String change = !contest.differ(shallow, deep)
                ? "do not get worse with depth, nor better"
                : deep.validationError() > shallow.validationError() ? "get worse with depth" : "get better with depth";
        lead.add(String.format(
                Locale.ROOT,
                "%s networks %s: %.2f %% of the validation images are wrong with %d layers, %.2f %% with %d.",
                title,
                change,
                shallow.validationError(),
                depth(shallow),
                deep.validationError(),
                depth(deep)));
    }

    /** The paper's point, where these networks show it: deep plain networks fail to fit, they do not overfit. */
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
                    "The deep plain network is worse on the images that it was trained on, too (%.2f %% wrong, against"
                            + " %.2f %%): it does not overfit, it fails to fit.",
                    deep.trainingError(),
                    shallow.trainingError()));
        }
    }

    /** The deepest networks with and without shortcuts, where both are there. */
    private void sideBySide(List<String> lead) {
        List<Result> plain = contest.finished(DegradationCommand.PLAIN);
        List<Result> residual = contest.finished(DegradationCommand.RESIDUAL);
        if (plain.size() > 1 && residual.size() > 1 && depth(plain.getLast()) == depth(residual.getLast())) {
            lead.add(String.format(
                    Locale.ROOT,
                    "With %d layers, %.2f %% are wrong without shortcuts and %.2f %% with them.",
                    depth(plain.getLast()),
                    plain.getLast().validationError(),
                    residual.getLast().validationError()));
        }
    }

    private List<Section> sections() {
        var sections = new ArrayList<Section>();
        sections.add(new Section(
                "Error by depth",
                List.of(),
                List.of(byDepth(false), byDepth(true)),
                List.of(ContestPage.table(
                        "After " + ContestPage.epochs(contest.epochs()) + ", beside the paper's test error on CIFAR-10",
                        contest,
                        contest.results()))));
        sections.add(new Section(
                "On the way",
                List.of(),
                List.of(
                        ContestPage.errors(
                                "Plain networks: training error", contest.of(DegradationCommand.PLAIN), true),
                        ContestPage.errors(
                                "Residual networks: training error", contest.of(DegradationCommand.RESIDUAL), true),
                        ContestPage.errors(
                                "Plain networks: validation error", contest.of(DegradationCommand.PLAIN), false),
                        ContestPage.errors(
                                "Residual networks: validation error", contest.of(DegradationCommand.RESIDUAL), false)),
                List.of()));
        sections.add(reading());
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
                new Axis("per cent of the images that are wrong", false),
                series);
    }

    private Section reading() {
        return new Section(
                "How to read this",
                List.of(
                        "A deeper network can do all that a shallower one can: the layers that it has more may pass on"
                            + " what they get. If it is worse on its own training images, then it was not found by"
                            + " training, and that is what the first paper calls degradation. In a residual network,"
                            + " passing on is what a block does when its branch gives zeros.",
                        "Each plain network has the layers and the weights of the residual one beside it, number for"
                            + " number, and began with the same first weights: its shortcuts are missing, which have"
                            + " no parameters here (option A).",
                        "The published networks had 164 epochs, these had " + contest.epochs() + ": compare how they"
                                + " change with depth, not their size. The paper has a curve, not a number, for plain"
                                + " networks (figure 6). Errors here are those after the last epoch, not the best one."
                                + " Differences are called so where they are larger than twice the standard error that"
                                + " comes from the number of validation images; one seed was tried."),
                List.of(),
                List.of());
    }
}
