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

/** What the kind of shortcut and the order of activations do to one network. */
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

    /** How the others did beside the identity. */
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
                "With identity shortcuts (A) %.2f %% of the validation images are wrong after %s.",
                identity.validationError(),
                ContestPage.epochs(contest.epochs())));
        say(lead, "Worse than that: ", finished().filter(result -> isWorse(result, identity)));
        say(
                lead,
                "No difference beyond chance: ",
                finished().filter(result -> !result.equals(identity) && !contest.differ(result, identity)));
        say(lead, "Better: ", finished().filter(result -> isWorse(identity, result)));
        String failed = contest.results().stream()
                .filter(Result::diverged)
                .map(result -> result.contender().name())
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
                .map(result -> result.contender().name() + " (" + ContestPage.percent(result.validationError()) + ")")
                .collect(Collectors.joining(", "));
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
                new Section(
                        "The kind of shortcut",
                        List.of("What multiplies the shortcut multiplies the gradient on its way back, once in every"
                                + " block. Scaling, gates, 1x1 convolutions (C) and dropout do; padding with zeros (A)"
                                + " and projections where the shape changes (B) leave the other blocks' shortcuts"
                                + " alone."),
                        List.of(
                                ContestPage.errors("Training error", contest.of(ShortcutsCommand.SHORTCUT), true),
                                ContestPage.errors("Validation error", contest.of(ShortcutsCommand.SHORTCUT), false)),
                        List.of(table("Shortcuts", contest.of(ShortcutsCommand.SHORTCUT)))),
                new Section(
                        "Where normalisation and ReLU stand",
                        List.of("A is the first paper's block: normalisation behind each convolution, ReLU behind the"
                                + " sum. With norm-after-addition, normalisation stands in the way of the shortcut;"
                                + " with relu-before-addition the branch can only add, never take away; with"
                                + " relu-only-pre and pre nothing stands behind the sum."),
                        List.of(
                                ContestPage.errors("Training error", orders, true),
                                ContestPage.errors("Validation error", orders, false)),
                        List.of(table("Orders", orders))),
                new Section(
                        "How to read this",
                        List.of("The published network has 110 layers and had 164 epochs; " + network + " had "
                                + contest.epochs() + ". What harms a signal a little in each block harms a deep network"
                                + " more, so expect smaller differences here. Errors are those after the last epoch;"
                                + " differences are called so where they are larger than twice the standard error that"
                                + " comes from the number of validation images; one seed was tried. Option C has"
                                + " normalisation behind its 1x1 convolution here, the paper's has not."),
                        List.of(),
                        List.of()));
    }

    private Table table(String caption, List<Result> results) {
        return ContestPage.table(
                caption + ": after " + ContestPage.epochs(contest.epochs())
                        + ", beside the paper's test error of ResNet-110",
                contest,
                results);
    }
}
