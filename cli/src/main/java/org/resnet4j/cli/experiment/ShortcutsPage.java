package org.resnet4j.cli.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.resnet4j.cli.experiment.Contest.Result;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Table;

/**
 * The page on the effect of shortcuts and activation orders on one network.
 *
 * @param contest the progress of the experiment
 * @param networks the number of networks
 * @param network the name of the network
 */
record ShortcutsPage(Contest contest, int networks, String network) {
    private static final String SOURCE =
            "Published: He et al., \"Identity Mappings in Deep Residual Networks\", 2016, tables 1 and 2: ResNet-110 on"
                    + " CIFAR-10, 164 epochs.";

    Page page() {
        var lead = new ArrayList<>(ContestPage.unfinished(contest, networks));
        lead.addAll(verdict());
        return new Page("Shortcuts and activations of " + network, lead, sections(), SOURCE);
    }

    private Stream<Result> finished() {
        return Stream.concat(
                contest.finished(ShortcutsCommand.SHORTCUT).stream(),
                contest.finished(ShortcutsCommand.ORDER).stream());
    }

    /** Returns the comparison of all variants with the identity shortcut. */
    private List<String> verdict() {
        Result identity = finished()
                .filter(result -> result.contender().name().equals("A"))
                .findFirst()
                .orElse(null);
        if (identity == null) {
            return List.of();
        }
        var lead = new ArrayList<String>();
        lead.add(String.format(
                Locale.ROOT,
                "With identity shortcuts (A), the validation error is %.2f %% after %s.",
                identity.validationError(),
                ContestPage.epochs(contest.epochs())));
        say(lead, "Significantly worse are ", finished().filter(result -> isWorse(result, identity)));
        say(
                lead,
                "Not significantly different are ",
                finished().filter(result -> !result.equals(identity) && !contest.differ(result, identity)));
        say(lead, "Significantly better are ", finished().filter(result -> isWorse(identity, result)));
        String failed = contest.results().stream()
                .filter(Result::diverged)
                .map(result -> result.contender().title())
                .collect(Collectors.joining(", "));
        if (!failed.isEmpty()) {
            lead.add("Diverged: " + failed + ".");
        }
        return lead;
    }

    private boolean isWorse(Result one, Result other) {
        return contest.differ(one, other) && one.validationError() > other.validationError();
    }

    private static void say(List<String> lead, String what, Stream<Result> results) {
        String names = results.sorted(Comparator.comparingDouble(Result::validationError))
                .map(result -> result.contender().title() + ": " + ContestPage.percent(result.validationError()))
                .collect(Collectors.joining("; "));
        if (!names.isEmpty()) {
            lead.add(what + names + ".");
        }
    }

    private List<Section> sections() {
        Result identity = contest.results().stream()
                .filter(result -> result.contender().name().equals("A"))
                .findFirst()
                .orElse(null);
        var orders = new ArrayList<Result>();
        if (identity != null) {
            orders.add(identity);
        }
        orders.addAll(contest.of(ShortcutsCommand.ORDER));
        return List.of(
                reading(),
                new Section(
                        "Kinds of shortcuts",
                        List.of("A factor on the shortcut also multiplies the gradient in the backward pass, once in"
                                + " every block. Scaling, gates, 1x1 convolutions (C) and dropout have this effect."
                                + " Zero padding (A) and projections where the shape changes (B) leave the shortcuts"
                                + " of all other blocks unchanged."),
                        List.of(
                                ContestPage.errors(
                                        "Training error", contest.of(ShortcutsCommand.SHORTCUT), true, network + " "),
                                ContestPage.errors(
                                        "Validation error",
                                        contest.of(ShortcutsCommand.SHORTCUT),
                                        false,
                                        network + " ")),
                        List.of(table("Shortcuts", contest.of(ShortcutsCommand.SHORTCUT)))),
                new Section(
                        "Order of normalization and ReLU",
                        List.of("A is the block of He et al. (2015): normalization after each convolution, ReLU after"
                                + " the sum. With normalization after the sum, the shortcut passes through it, too."
                                + " With ReLU before the sum, the output of the branch cannot be negative. With ReLU"
                                + " only before the branch, and with full pre-activation, nothing follows the sum."),
                        List.of(
                                ContestPage.errors("Training error", orders, true, network + " "),
                                ContestPage.errors("Validation error", orders, false, network + " ")),
                        List.of(table("Orders", orders))));
    }

    private Section reading() {
        return new Section(
                "How to read this",
                List.of("The published network has 110 layers and was trained for 164 epochs, "
                        + network + " for " + contest.epochs() + ". A small disturbance of the signal"
                        + " in each block harms a deep network more, so expect smaller differences here."
                        + " Errors are those after the last epoch. A difference counts as significant if it"
                        + " exceeds twice the standard error due to the number of validation images. Only"
                        + " one seed was tried. Option C has normalization after its 1x1 convolution here,"
                        + " unlike in the paper."),
                List.of(),
                List.of());
    }

    private Table table(String caption, List<Result> results) {
        return ContestPage.table(
                caption + ": after " + ContestPage.epochs(contest.epochs())
                        + ", with the paper's test error of ResNet-110",
                contest,
                results);
    }
}
