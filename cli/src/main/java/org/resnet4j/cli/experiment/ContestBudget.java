package org.resnet4j.cli.experiment;

import java.util.List;
import java.util.Locale;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.cli.train.TrainingReporter;
import org.resnet4j.compute.Compute;
import org.resnet4j.training.SessionSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The time budget of an experiment.
 *
 * @param command the command, for messages
 * @param console the output
 * @param minutes the time limit
 * @param start the start, in {@link System#nanoTime}
 */
record ContestBudget(CommandSpec command, Console console, double minutes, long start) {
    private static final double NANOS = 1e9;
    private static final double SECONDS = 60;

    /** The share of the time for training; the rest is for loading, the first validation and the pages. */
    private static final double USABLE = 0.92;

    /** Returns the end, in {@link System#nanoTime}. */
    long end() {
        return start + (long) (minutes * SECONDS * NANOS);
    }

    /** Returns the number of epochs of each network that fit into the time, estimated by timing a few steps of each. */
    int epochs(List<Contender> contenders, ExperimentSetting setting, SessionSettings session, Compute compute) {
        double seconds = 0;
        try (var bar = new ProgressLine(console, "timing one step per network", contenders.size(), "networks")) {
            for (Contender contender : contenders) {
                seconds += setting.secondsPerEpoch(contender, session, compute);
                bar.advance(1);
            }
        }
        double gone = (System.nanoTime() - start) / NANOS;
        int epochs = (int) ((minutes * SECONDS - gone) * USABLE / seconds);
        if (epochs < 1) {
            throw new ParameterException(
                    command.commandLine(),
                    String.format(
                            Locale.ROOT,
                            "--minutes %s is too short: one epoch of all %d networks takes about %s; allow more"
                                    + " time, or compare fewer or smaller networks",
                            Range.plain(minutes),
                            contenders.size(),
                            TrainingReporter.time(seconds / USABLE + gone)));
        }
        console.note(String.format(
                Locale.ROOT,
                "%d networks on %s, %d epochs each: about %s",
                contenders.size(),
                setting.source(),
                epochs,
                TrainingReporter.time(epochs * seconds)));
        return epochs;
    }
}
