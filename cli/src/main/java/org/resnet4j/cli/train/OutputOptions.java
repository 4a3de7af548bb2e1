package org.resnet4j.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.RunLock;
import org.resnet4j.TrainingOutput;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ContestFile;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.cli.shell.StoredArguments;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.log.TensorBoardFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for the output of a run. */
final class OutputOptions {
    private static final String DEFAULT_FOLDER = "resnet4j-model";
    private static final String EPOCHS = "--epochs";
    private static final int MAX_PORT = 65_535;
    private static final long MAX_SECONDS = 7 * 24 * 3600;

    /** Options that do not affect the results. */
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
            description = "Model folder (default: resnet4j-model; if taken, resnet4j-model-2 and so on). It contains"
                    + " the best model so far, the last model (in last/), metrics.csv, the checkpoint for --resume"
                    + " and, at the end, report.html.")
    private @Nullable Path folder;

    @Option(
            names = "--resume",
            description = "Continue the interrupted run in --output, with the same result as an uninterrupted run."
                    + " Its options are stored; other options are rejected, except a larger --epochs with --schedule"
                    + " constant.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replace the model in --output.")
    private boolean overwrite;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "N",
            description = "Also write a checkpoint every N seconds within an epoch; 0 means never (default:"
                    + " ${DEFAULT-VALUE}).")
    private long checkpointSeconds = 300;

    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Also write a TensorBoard event file to this folder: loss, accuracy, learning rate and images"
                    + " per second of each epoch.")
    private @Nullable Path tensorBoard;

    @Option(
            names = "--live",
            paramLabel = "PORT",
            description = "Show the run in progress on a web page at http://localhost:PORT/, only for browsers on"
                    + " this machine; 0 takes any free port.")
    private @Nullable Integer live;

    /** Binds the port of the page that shows the run; null if none was requested. */
    @Nullable
    LiveReport live(OutputFolder output) throws CommandFailure, IOException {
        return live == null ? null : new LiveReport(live, output);
    }

    /**
     * Returns the output of a run.
     *
     * @param held the lock on its folder
     * @param page the page that shows the run; null for none
     */
    TrainingOutput files(RunLock held, @Nullable LiveReport page) {
        TrainingOutput files = TrainingOutput.to(held)
                .withOverwrite(true) // checked before
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
            throw new ParameterException(command.commandLine(), "--resume and --overwrite are mutually exclusive");
        }
    }

    /**
     * Starts writing to the folder of the run, unless the run resumes from a checkpoint.
     *
     * @param words the arguments of this call
     * @param begun the original arguments of the run; empty if none was started
     */
    void begin(OutputFolder chosen, CommandWords words, List<String> begun, Console console) throws IOException {
        checkFree(chosen, words.command());
        if (resume && Files.exists(chosen.checkpoint())) {
            return;
        }
        if (resume) {
            console.note("no checkpoint in " + chosen.path() + " yet: starting from the beginning");
        }
        if (!resume) {
            chosen.forgetRun();
            chosen.saveArguments(words.remembered().words());
        }
    }

    /**
     * Returns the folder of the run: the requested one, if it is free or may be used. Nothing is created yet, so that
     * an immediate failure leaves an old run untouched.
     *
     * @throws ParameterException if it holds a model that would be lost, or an experiment
     * @throws IOException if event files cannot be written to their folder
     */
    OutputFolder choose(CommandSpec command) throws IOException {
        OutputFolder chosen = folder != null ? new OutputFolder(folder) : defaultFolder();
        checkFree(chosen, command);
        if (tensorBoard != null) {
            TensorBoardFile.check(tensorBoard);
        }
        return chosen;
    }

    /** Checks again under the lock: another run may have ended here since the folder was chosen. */
    private void checkFree(OutputFolder chosen, CommandSpec command) {
        checkNoExperiment(chosen, command);
        if (chosen.isTaken() && !resume && !overwrite) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + chosen.path() + " already holds a model; add --resume to continue its training or"
                            + " --overwrite to replace it, or name another folder");
        }
    }

    /** Returns the original arguments of the run to resume; none for a new run. */
    StoredArguments begun(CommandSpec command) throws CommandFailure, IOException {
        return resume ? existing(command).storedArguments() : new StoredArguments(List.of(), null);
    }

    /**
     * Returns a listener that stores the number of epochs with the arguments when a run is prolonged, so that it can be
     * resumed again.
     *
     * @param words the arguments of this call
     * @param begun the original arguments of the run
     */
    TrainingListener prolonging(OutputFolder chosen, CommandWords words, StoredArguments begun) {
        Optional<String> epochs = new StoredArguments(words.words(), null).typed(EPOCHS);
        return event -> {
            if (event instanceof TrainingEvent.Started start && start.resumed() && epochs.isPresent()) {
                var longer = new ArrayList<>(new CommandWords(words.command(), begun.words())
                        .without(List.of(EPOCHS))
                        .words());
                longer.addAll(List.of(EPOCHS, epochs.get()));
                chosen.saveArguments(longer, begun.folder());
            }
        };
    }

    /**
     * Checks, before the first checkpoint, that {@code --resume} continues the run that was started. Once there is a
     * checkpoint, everything that determines the result is compared with it.
     *
     * @param words the arguments of this call
     * @param begun the original arguments of the run; empty if none was started
     * @throws ParameterException if options differ from the original ones, or there is no run
     */
    void checkResumes(CommandWords words, List<String> begun, CommandSpec command) {
        OutputFolder chosen = existing(command);
        if (Files.exists(chosen.checkpoint())) {
            return;
        }
        if (begun.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume: " + chosen.path()
                            + " holds no run to resume; name its folder with --output, or start one without --resume");
        }
        List<String> others = words.without(MAY_CHANGE).optionsNotIn(begun);
        if (!others.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume continues with the original options, " + String.join(" ", begun) + ", not with "
                            + String.join(" ", others) + "; --overwrite starts again");
        }
    }

    /**
     * Returns the folder of the run to resume.
     *
     * @throws ParameterException if it holds an experiment
     */
    OutputFolder existing(CommandSpec command) {
        OutputFolder chosen = folder != null ? new OutputFolder(folder) : lastDefaultFolder();
        checkNoExperiment(chosen, command);
        return chosen;
    }

    /** Rejects the folder of an experiment, which has files of the same names. */
    private static void checkNoExperiment(OutputFolder chosen, CommandSpec command) {
        if (ContestFile.isIn(chosen)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + chosen.path() + " holds an experiment, which experiment ... --resume continues;"
                            + " name another folder");
        }
    }

    private OutputFolder defaultFolder() {
        OutputFolder last = lastDefaultFolder();
        return resume || overwrite || !last.isTaken() ? last : numbered(numberOfTaken() + 1);
    }

    /** Returns the default folder with the highest number that is taken; the first one if none is. */
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
