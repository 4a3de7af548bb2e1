package org.resnet4j.cli.train;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingOutput;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.predict.MostFrequentClass;
import org.resnet4j.cli.report.DataLook;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.DivergedException;
import org.resnet4j.training.TrainingRecipe;

/**
 * A run with its user interface: progress, interruption, and the report at the end.
 *
 * @param console the output
 * @param supervisor the observer of the run, on behalf of the command that started it
 * @param run the run
 * @param splits the data
 * @param options the options of the run
 * @param output the folder of the run
 * @param preparation the line that says what is done before the first step
 * @param look the look at the data; empty for generated images
 */
record Training(
        Console console,
        Supervisor supervisor,
        TrainingRun run,
        DatasetSplits splits,
        RunOptions options,
        OutputFolder output,
        ProgressLine preparation,
        Optional<DataLook> look) {
    private static final String LONGER = "; the learning rate of this schedule follows the number of epochs (only a run"
            + " with --schedule constant can be prolonged): start a run from its model with --weights in another"
            + " --output";

    private static final String SHORTER = "; a run can be prolonged, but not shortened";

    /** Creates a run and looks at its data. */
    Training(
            Console console,
            Supervisor supervisor,
            TrainingRun run,
            DatasetSplits splits,
            RunOptions options,
            OutputFolder output,
            ProgressLine preparation) {
        this(
                console,
                supervisor,
                run,
                splits,
                options,
                output,
                preparation,
                splits.source().equals(Datasets.SYNTHETIC)
                        ? Optional.empty()
                        : Optional.of(look(splits, run, options, preparation)));
    }

    private static DataLook look(DatasetSplits splits, TrainingRun run, RunOptions options, ProgressLine preparation) {
        preparation.message("looking at "
                + Counted.of((long) splits.train().size() + splits.validation().size(), "picture"));
        return DataLook.at(splits, options.batching(run));
    }

    /**
     * Prints a summary of the run to come.
     *
     * @param live the page that shows the run; null for none
     */
    void announce(long seed, int threads, @Nullable LiveReport live) {
        TrainingSummary.announce(console, run, splits, seed, threads);
        if (supervisor.equals(Supervisor.NONE)) {
            look.ifPresent(data -> TrainingSummary.tell(console, data));
        }
        if (live != null) {
            live.show(options.values(run, splits), RunCurves.of(splits));
            console.note("live report: " + live.address());
        }
    }

    /** Trains and reports the result. */
    void run(TrainingOutput files, boolean resumes, CommonOptions common, Interruption interruption)
            throws CommandFailure, IOException {
        interruption.begin(supervisor.resumption(output));
        preparation.message("preparing the first step");
        try (var reporter = new TrainingReporter(
                console,
                splits.train().size(),
                splits.validation().size(),
                run.isFrozen() ? "features" : "images",
                complete(),
                preparation)) {
            TrainingOutput heard =
                    files.withListener(reporter).withListener(supervisor).withListener(interruption);
            TrainingOutcome outcome;
            try {
                outcome = train(heard, resumes);
            } catch (IOException | RuntimeException interrupted) {
                if (!Interruption.isReason(interrupted)) {
                    throw interrupted;
                }
                // Printed here: the process may end before a caller can print it.
                reporter.removeBar();
                if (interruption.isRequested() || supervisor.equals(Supervisor.NONE)) {
                    interruption.tell(); // otherwise the supervisor ended the run and tells why
                }
                throw CommandFailure.interrupted(output.path(), interrupted);
            }
            // The buffers of training are free now; without a collection the heap would grow for the report's
            // predictions.
            System.gc();
            RunReport.of(run, splits, options, output)
                    .write(outcome, reporter.batchesPerEpoch(), common.threads(), console, look.map(DataLook::section));
            Optional<MostFrequentClass> guess = supervisor.equals(Supervisor.NONE)
                    ? Optional.of(MostFrequentClass.of(splits.validation()))
                    : Optional.empty();
            new TrainingSummary(console, common.json(), splits.source())
                    .conclude(run.model().network(), outcome, output, guess);
        }
    }

    /** Returns the message about a run that is resumed after its end, with the way to train longer. */
    private String complete() {
        String message =
                "the run in " + output.path() + " is complete, after epoch " + run.epochs() + " of " + run.epochs();
        if (!supervisor.equals(Supervisor.NONE)) {
            return message;
        }
        return isConstant() ? message + "; --resume --epochs N, with a larger N, prolongs it" : message + LONGER;
    }

    private boolean isConstant() {
        return options.recipe().curve() == TrainingRecipe.Curve.CONSTANT;
    }

    private TrainingOutcome train(TrainingOutput files, boolean resumes) throws CommandFailure, IOException {
        try {
            return resumes ? run.resume(files) : run.train(files);
        } catch (CheckpointMismatchException mismatch) {
            String reason = String.valueOf(mismatch.getMessage());
            throw CommandFailure.input(
                    output.checkpoint(),
                    reason.contains("epochs was ") ? reason + (isConstant() ? SHORTER : LONGER) : reason,
                    mismatch);
        } catch (DivergedException diverged) {
            throw CommandFailure.failed(output.path(), String.valueOf(diverged.getMessage()), diverged);
        }
    }
}
