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

/** Plain against residual networks at growing depth. */
@Command(
        name = "degradation",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Trains plain and residual networks of growing depth in the same way and compares them: the first paper's"
                    + " observation that plain networks get worse with depth, and that shortcuts end it.",
            "Writes a page with curves and a table beside the published figures."
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
            description = "Layers of the networks, some of 20, 32, 44, 56, 110 and 1202, with commas between them"
                    + " (default: 20,32,44,56).")
    private List<Integer> depths = List.of(20, 32, 44, 56);

    DegradationCommand(Console console) {
        super(console, "degradation");
    }

    @Override
    void check() {
        for (int depth : depths) {
            if (!PUBLISHED.containsKey(depth)) {
                throw new ParameterException(
                        command().commandLine(), "--depths must be of 20, 32, 44, 56, 110 and 1202, got " + depth);
            }
        }
        if (depths.stream().distinct().count() < Math.max(2, depths.size())) {
            throw new ParameterException(
                    command().commandLine(), "--depths must be two or more that differ, got " + depths);
        }
    }

    @Override
    List<String> ownOptions() {
        return List.of("--depths");
    }

    /** The shallow ones first, so that there is something to see early. */
    @Override
    List<Contender> contenders() {
        var contenders = new ArrayList<Contender>();
        for (int depth : depths.stream().sorted().toList()) {
            String residual = "resnet" + depth;
            String plain = "plain" + depth;
            String worse = switch (depth) {
                case 110 -> "over 60 % in training";
                case 1202 -> "not tried";
                default -> "a curve";
            };
            contenders.add(new Contender(
                    residual,
                    RESIDUAL,
                    ResNets.named(residual),
                    List.of("--model", residual),
                    PUBLISHED.getOrDefault(depth, "")));
            contenders.add(new Contender(plain, PLAIN, ResNets.named(plain), List.of("--model", plain), worse));
        }
        return contenders;
    }

    @Override
    Page page(Contest contest) throws IOException {
        return new DegradationPage(contest, contenders().size()).page();
    }
}
