package org.resnet4j.cli.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code experiment shortcuts} command, which compares shortcuts and activation orders in one network. */
@Command(
        name = "shortcuts",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Train one network with every kind of shortcut and every order of normalization and ReLU, and compare"
                    + " their errors: options A, B and C (He et al., 2015), and figures 2 and 4 of He et al., 2016.",
            "The result is a page with curves and a table that includes the published results."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j experiment shortcuts",
            "  resnet4j experiment shortcuts --data cifar10 --depth 56 --minutes 480",
            "  resnet4j experiment shortcuts --resume --minutes 480"
        })
final class ShortcutsCommand extends Experiment {
    static final String SHORTCUT = "shortcut";
    static final String ORDER = "order";

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Depth of the network: 20, 32, 44, 56 or 110 (default: ${DEFAULT-VALUE}).")
    private int depth = 20;

    ShortcutsCommand(Console console) {
        super(console, "shortcuts");
    }

    @Override
    void check() {
        Range.checkOneOf(command(), "--depth", Integer.toString(depth), List.of("20", "32", "44", "56", "110"));
    }

    @Override
    List<String> ownOptions() {
        return List.of("--depth");
    }

    @Override
    List<Contender> contenders() {
        var contenders = new ArrayList<Contender>();
        contenders.add(shortcut(ShortcutOption.A, "A", "A (zero padding)", "6.61 %"));
        contenders.add(shortcut(ShortcutOption.B, "B", "B (projection where the shape changes)", "not compared"));
        contenders.add(shortcut(ShortcutOption.C, "C", "C (projection in every block)", "12.22 %"));
        contenders.add(shortcut(ShortcutOption.SCALED, "scaled", "with scaled shortcuts", "12.35 %"));
        contenders.add(shortcut(ShortcutOption.EXCLUSIVE_GATE, "exclusive-gate", "with exclusive gates", "8.70 %"));
        contenders.add(shortcut(ShortcutOption.SHORTCUT_GATE, "shortcut-gate", "with gates on the shortcut", "6.91 %"));
        contenders.add(shortcut(ShortcutOption.DROPOUT, "dropout", "with dropout on the shortcut", "over 20 %"));
        contenders.add(new Contender(
                "none",
                "plain" + depth + " (no shortcuts)",
                SHORTCUT,
                ResNets.named("plain" + depth),
                List.of("--model", "plain" + depth),
                "over 20 %"));
        contenders.add(order(
                ActivationOrder.NORM_AFTER_ADDITION,
                "norm-after-addition",
                "with normalization after the sum",
                "8.17 %"));
        contenders.add(order(
                ActivationOrder.RELU_BEFORE_ADDITION, "relu-before-addition", "with ReLU before the sum", "7.84 %"));
        contenders.add(
                order(ActivationOrder.RELU_ONLY_PRE, "relu-only-pre", "with ReLU only before the branch", "6.71 %"));
        contenders.add(order(ActivationOrder.PRE, "pre", "with full pre-activation", "6.37 %"));
        return contenders;
    }

    private ResNetSpec network() {
        return ResNets.named("resnet" + depth);
    }

    private Contender shortcut(ShortcutOption option, String word, String what, String published) {
        return new Contender(
                word,
                network().name() + " " + what,
                SHORTCUT,
                network().withShortcuts(option),
                List.of("--model", network().name(), "--shortcut", word),
                published);
    }

    private Contender order(ActivationOrder order, String word, String what, String published) {
        return new Contender(
                word,
                network().name() + " " + what,
                ORDER,
                network().withOrder(order),
                List.of("--model", network().name(), "--activation-order", word),
                published);
    }

    @Override
    Page page(Contest contest) throws IOException {
        return new ShortcutsPage(contest, contenders().size(), network().name()).page();
    }
}
