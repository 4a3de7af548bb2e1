package org.resnet4j.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.RunLock;
import org.resnet4j.TrainingOutput;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ContestFile;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.training.log.TensorBoardFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a trained model goes. */
final class OutputOptions {
    private static final String DEFAULT_FOLDER = "resnet4j-model";
    private static final int MAX_PORT = 65_535;
    private static final long MAX_SECONDS = 7 * 24 * 3600;

    /** Options that do not decide what comes out. */
    private static final List<String> MAY_CHANGE = List.of(
            "--output",
            "--resume",
            "--json",
            "--stacktrace",
            "--threads",
            "--checkpoint-seconds",
            "--tensorboard",
            "--live",
            "--feature-cache");

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "The folder of the model (default: resnet4j-model, or resnet4j-model-2 and so on where that"
                + " is taken). It holds the best model so far, metrics.csv, report.html at the end, the last model (in"
                + " last/) and the checkpoint for --resume.")
    private @Nullable Path folder;

    @Option(
            names = "--resume",
            description = "Go on with the run in --output where it was interrupted, and end with the same bits as if"
                    + " it had not been. Its options are remembered, and others refused. Starts from the beginning"
                    + " where there is no checkpoint yet.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replace the model that is in --output.")
    private boolean overwrite;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "N",
            description = "Write the checkpoint within epochs, too, when so many seconds have passed; 0 is never"
                    + " (default: ${DEFAULT-VALUE}).")
    private long checkpointSeconds = 300;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description =
                    "Write an event file for TensorBoard into this folder as well: loss, accuracy, learning rate and"
                            + " images per second of every epoch.")
    private @Nullable Path tensorBoard;

    @Option(
            names = "--live",
            paramLabel = "PORT",
            description = "Show the run while it runs, on a page at http://localhost:PORT/ for browsers on this machine"
                    + " alone; 0 takes any port that is free.")
    private @Nullable Integer live;

    /** Takes the port of the page that shows the run; null where none is wanted. */
    @Nullable
    LiveReport live(OutputFolder output) throws CommandFailure, IOException {
        return live == null ? null : new LiveReport(live, output);
    }

    /**
     * Describes the output of a run.
     *
     * @param held the lock on its folder
     * @param page shows the run; null for none
     */
    TrainingOutput files(RunLock held, @Nullable LiveReport page) {
        TrainingOutput files = TrainingOutput.to(held)
                .withOverwrite(true) // what may not be lost was checked
                .withTensorBoard(tensorBoard)
                .withCheckpointEvery(Duration.ofSeconds(checkpointSeconds));
        return page == null ? files : files.withListener(page);
    }

    void check(CommandSpec command) {
        Range.check(command, "--checkpoint-seconds", checkpointSeconds, 0, MAX_SECONDS);
        if (live != null) {
            Range.check(command, "--live", live, 0, MAX_PORT);
        }
        if (resume && overwrite) {
            throw new ParameterException(command.commandLine(), "--resume and --overwrite contradict each other");
        }
    }

    /**
     * Begins to write to the folder of the run, unless it goes on from a checkpoint.
     *
     * @param words of this call
     * @param begun the arguments of the run; none where none began
     */
    void begin(OutputFolder chosen, CommandWords words, List<String> begun, Console console) throws IOException {
        checkFree(chosen, words.command());
        if (resume && Files.exists(chosen.checkpoint())) {
            return;
        }
        if (resume) {
            console.note("there is no checkpoint in " + chosen.path() + " yet: starting from the beginning");
        }
        if (begun.isEmpty()) {
            chosen.forgetRun();
            chosen.saveArguments(words.remembered().words());
        }
    }

    /**
     * Returns the folder of the run: the one that was asked for, if it is free or may be used. Nothing is made yet: what may
     * fail at once comes first, and an old run is as it was then.
     *
     * @throws ParameterException if it holds a model that would be lost, or an experiment
     * @throws IOException if event files cannot be written where they are to go
     */
    OutputFolder choose(CommandSpec command) throws IOException {
        OutputFolder chosen = folder != null ? new OutputFolder(folder) : defaultFolder();
        checkFree(chosen, command);
        if (tensorBoard != null) {
            TensorBoardFile.check(tensorBoard);
        }
        return chosen;
    }

    /** Checks again, when no other run can come between: another one may have ended here since the folder was chosen. */
    private void checkFree(OutputFolder chosen, CommandSpec command) {
        checkNoExperiment(chosen, command);
        if (chosen.isTaken() && !resume && !overwrite) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + chosen.path() + " holds a model already; add --resume to go on with its training,"
                            + " --overwrite to replace it, or name another folder");
        }
    }

    /**
     * Checks that {@code --resume} goes on with the run that began, before its first checkpoint, too. With a checkpoint all
     * that decides the result is compared with it.
     *
     * @param begun the arguments of the run; none where none began
     * @throws ParameterException if options were given that the run was not begun with, or if there is no run
     */
    void checkResumes(CommandWords words, List<String> begun, CommandSpec command) {
        OutputFolder chosen = existing(command);
        if (Files.exists(chosen.checkpoint())) {
            return;
        }
        List<String> others = words.without(MAY_CHANGE).optionsNotIn(begun);
        if (begun.isEmpty() && others.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume: " + chosen.path()
                            + " holds no run to go on with; name its folder with --output, or begin"
                            + " one without --resume");
        }
        if (!begun.isEmpty() && !others.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume goes on with the options of the beginning, " + String.join(" ", begun) + ", not with "
                            + String.join(" ", others) + "; --overwrite begins anew");
        }
    }

    /**
     * The run that {@code --resume} goes on with: that of the folder.
     *
     * @throws ParameterException if it holds an experiment
     */
    OutputFolder existing(CommandSpec command) {
        OutputFolder chosen = folder != null ? new OutputFolder(folder) : lastDefaultFolder();
        checkNoExperiment(chosen, command);
        return chosen;
    }

    /** An experiment keeps files of the same names in its folder. */
    private static void checkNoExperiment(OutputFolder chosen, CommandSpec command) {
        if (ContestFile.isIn(chosen)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + chosen.path() + " holds an experiment, to go on with by experiment ... --resume;"
                            + " name another folder");
        }
    }

    private OutputFolder defaultFolder() {
        OutputFolder last = lastDefaultFolder();
        return resume || overwrite || !last.isTaken() ? last : numbered(numberOfTaken() + 1);
    }

    /** The default folder with the highest number that is taken; the first one where none is. */
    private static OutputFolder lastDefaultFolder() {
        return numbered(Math.max(1, numberOfTaken()));
    }

    private static int numberOfTaken() {
        int number = 0;
        while (Files.exists(numbered(number + 1).path()) && numbered(number + 1).isTaken()) {
            number++;
        }
        return number;
    }

    private static OutputFolder numbered(int number) {
        return new OutputFolder(Path.of(number == 1 ? DEFAULT_FOLDER : DEFAULT_FOLDER + "-" + number));
    }

    boolean resume() {
        return resume;
    }
}
