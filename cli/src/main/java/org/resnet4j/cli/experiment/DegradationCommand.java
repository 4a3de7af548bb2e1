package org.resnet4j.cli.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.resnet.ResNets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The {@code experiment degradation} command, which compares plain and residual networks of increasing depth. */
@Command(
        name = "degradation",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Train plain and residual networks of increasing depth in the same way and compare their errors. Plain"
                    + " networks get worse with depth, residual networks do not (He et al., 2015).",
            "The result is a page with curves and a table that includes the published results."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j experiment degradation",
            "  resnet4j experiment degradation --data cifar10 --minutes 120",
            "  resnet4j experiment degradation --depths 20,110 --minutes 60 --output deep",
            "  resnet4j experiment degradation --output deep --resume"
        })
final class DegradationCommand extends Experiment {
    static final String PLAIN = "plain";
    static final String RESIDUAL = "residual";

    /** He et al., 2015, table 6. */
    private static final Map<Integer, String> PUBLISHED =
            Map.of(20, "8.75 %", 32, "7.51 %", 44, "7.17 %", 56, "6.97 %", 110, "6.43 %", 1202, "7.93 %");

    @Option(
            names = "--depths",
            paramLabel = "N",
            split = ",",
            description = "Comma-separated depths: two or more of 20, 32, 44, 56, 110 and 1202 (default: 20,32,44,56).")
    private List<Integer> depths = List.of(20, 32, 44, 56);

    DegradationCommand(Console console) {
        super(console, "degradation");
    }

    @Override
    void check() {
        for (int depth : depths) {
            if (!PUBLISHED.containsKey(depth)) {
                throw new ParameterException(
                        command().commandLine(), "--depths must be from 20, 32, 44, 56, 110 and 1202, got " + depth);
            }
        }
        if (depths.stream().distinct().count() < Math.max(2, depths.size())) {
            throw new ParameterException(
                    command().commandLine(), "--depths must be two or more different numbers, got " + depths);
        }
    }

    @Override
    List<String> ownOptions() {
        return List.of("--depths");
    }

    /** Returns the networks, shallow ones first, so that there are results early. */
    @Override
    List<Contender> contenders() {
        var contenders = new ArrayList<Contender>();
        for (int depth : depths.stream().sorted().toList()) {
            String residual = "resnet" + depth;
            String plain = "plain" + depth;
            String worse = switch (depth) {
                case 110 -> "over 60 % in training";
                case 1202 -> "not tried";
                default -> "figure only";
            };
            contenders.add(new Contender(
                    residual,
                    residual,
                    RESIDUAL,
                    ResNets.named(residual),
                    List.of("--model", residual),
                    PUBLISHED.getOrDefault(depth, "")));
            contenders.add(new Contender(plain, plain, PLAIN, ResNets.named(plain), List.of("--model", plain), worse));
        }
        return contenders;
    }

    @Override
    Page page(Contest contest) throws IOException {
        return new DegradationPage(contest, contenders().size()).page();
    }
}
