package org.resnet4j.cli.experiment;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Shell;
import org.resnet4j.cli.train.TrainCommand;
import picocli.CommandLine;

/**
 * The training runs of an experiment, each as {@code resnet4j train} performs it.
 *
 * @param console the output
 * @param common the common options
 * @param folder the folder of the experiment
 * @param words the original options of the experiment
 * @param ownOptions the options among them that {@code train} does not have
 */
record ContestRuns(
        Console console, CommonOptions common, ContestFolder folder, CommandWords words, List<String> ownOptions) {
    /** Options that belong to the experiment or differ between networks. */
    private static final List<String> NOT_OF_THE_RUNS =
            List.of("--minutes", "--epochs", "--output", "--resume", "--overwrite", "--json", "--threads");

    /** Runs {@code resnet4j train} and returns its exit code. */
    int train(Contender contender, int epochs, Deadline deadline, ByteArrayOutputStream result) {
        OutputFolder run = folder.run(contender);
        var own = new ArrayList<>(NOT_OF_THE_RUNS);
        own.addAll(ownOptions);
        var arguments = new ArrayList<String>();
        arguments.add("train");
        arguments.addAll(words.without(own).words());
        arguments.addAll(contender.arguments());
        arguments.addAll(List.of("--epochs", Integer.toString(epochs)));
        arguments.addAll(List.of("--output", run.path().toString(), "--json"));
        arguments.addAll(List.of("--threads", Integer.toString(common.threads())));
        if (Files.exists(run.checkpoint())) {
            arguments.add("--resume");
        } else if (run.isTaken()) {
            arguments.add("--overwrite"); // left by an experiment that was replaced
        }
        if (common.stacktrace()) {
            arguments.add("--stacktrace");
        }
        var out = new PrintStream(result, true, StandardCharsets.UTF_8);
        var quiet = console.withOut(out);
        CommandLine line = Shell.commandLine(quiet, List.of(new TrainCommand(quiet, deadline)));
        try {
            return line.execute(arguments.toArray(String[]::new));
        } finally {
            boolean wasInterrupted = Thread.interrupted(); // clears the deadline's interrupt: files are written next
            assert !wasInterrupted || deadline.isOver() : "only the deadline interrupts";
        }
    }
}
