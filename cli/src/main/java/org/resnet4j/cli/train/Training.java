package org.resnet4j.cli.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingOutput;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.DivergedException;

/**
 * A run under the eyes of its user: progress, interruption, the report at the end.
 *
 * @param supervisor observes the run for the command that started it
 * @param output where the files of the run go
 */
record Training(Console console, Supervisor supervisor, TrainingRun run, DatasetSplits splits, OutputFolder output) {
    /**
     * Says what is going to be trained.
     *
     * @param live the page that shows the run; null for none
     */
    void announce(long seed, int threads, @Nullable LiveReport live) {
        TrainingSummary.announce(console, run, splits, seed, threads);
        if (live != null) {
            live.show(run.settings());
            console.note("to watch: " + live.address());
        }
    }

    /** Trains, and reports the result. */
    void run(TrainingOutput files, boolean resumes, CommonOptions common) throws CommandFailure, IOException {
        try (var interruption = new Interruption();
                var reporter = new TrainingReporter(
                        console,
                        splits.train().size(),
                        splits.validation().size(),
                        run.isFrozen() ? "features" : "images")) {
            TrainingOutput heard =
                    files.withListener(reporter).withListener(supervisor).withListener(interruption);
            TrainingOutcome outcome = train(heard, resumes);
            RunReport.of(run, output).write(outcome.result().best(), splits.validation(), common.threads());
            new TrainingSummary(console, common.json(), splits.source())
                    .conclude(run.model().network(), outcome, output);
        }
    }

    private TrainingOutcome train(TrainingOutput files, boolean resumes) throws CommandFailure, IOException {
        try {
            return resumes ? run.resume(files) : run.train(files);
        } catch (CheckpointMismatchException mismatch) {
            throw CommandFailure.input(output.checkpoint(), String.valueOf(mismatch.getMessage()), mismatch);
        } catch (DivergedException diverged) {
            throw CommandFailure.failed(output.path(), String.valueOf(diverged.getMessage()), diverged);
        } catch (InterruptedIOException interrupted) {
            // Said here, as the process may end before anything above gets to it.
            console.note("interrupted; to go on: " + supervisor.resumption(output));
            throw CommandFailure.failed(output.path(), "interrupted", interrupted);
        }
    }
}
