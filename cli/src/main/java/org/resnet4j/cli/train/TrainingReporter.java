package org.resnet4j.cli.train;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.ValidationMetrics;

/** A reporter of the progress of a run on standard error: a bar within each epoch, a line after it. */
public final class TrainingReporter implements TrainingListener, AutoCloseable {
    /** The share of time spent waiting for data above which it is reported. */
    private static final double NOTABLE_WAIT = 0.05;

    private final Console console;
    private final long trainImages;
    private final long validationImages;
    private final String awaited;
    private final String complete;
    private final ProgressLine preparation;
    private int epochs;
    private int batchesPerEpoch;
    private @Nullable ProgressLine bar;
    private boolean validating;
    private double secondsOfEpochs;
    private int epochsHere;

    /**
     * Creates a reporter.
     *
     * @param awaited a word for what a step waits for
     * @param complete what to say if the run that is resumed had ended already
     * @param preparation the line to remove when the first step is done
     */
    TrainingReporter(
            Console console,
            long trainImages,
            long validationImages,
            String awaited,
            String complete,
            ProgressLine preparation) {
        this.console = console;
        this.trainImages = trainImages;
        this.validationImages = validationImages;
        this.awaited = awaited;
        this.complete = complete;
        this.preparation = preparation;
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Started start -> started(start);
            case TrainingEvent.StepCompleted step -> {
                boolean begins = bar == null || validating; // a resumed epoch begins within the bar
                ProgressLine line = bar("epoch " + step.epoch() + "/" + epochs, trainImages, false);
                line.message(String.format(Locale.ROOT, "loss %.3f", step.loss()));
                line.advance((begins ? step.batch() : 1L) * step.samples());
            }
            case TrainingEvent.ValidationStepCompleted step ->
                bar("epoch " + step.epoch() + "/" + epochs + " validation", validationImages, true)
                        .advance(step.samples());
            case TrainingEvent.EpochCompleted epoch -> {
                removeBar();
                console.note(line(epoch.metrics(), epoch.best()));
            }
            case TrainingEvent.EarlyStopped stop ->
                console.note("stopped early: no better validation in " + stop.patience() + " epochs; the best epoch"
                        + " was " + stop.best().epoch());
            case TrainingEvent.Diverged _, TrainingEvent.Failed _, TrainingEvent.Finished _ -> removeBar();
            case TrainingEvent.CheckpointWritten _, TrainingEvent.ModelSaved _ -> {
                // Not reported.
            }
        }
    }

    private void started(TrainingEvent.Started start) {
        epochs = start.epochs();
        batchesPerEpoch = start.batchesPerEpoch();
        if (start.resumed() && start.completedEpochs() >= epochs) {
            console.note(complete);
        } else if (start.resumed()) {
            console.note("resuming after " + Counted.of(start.completedEpochs(), "epoch") + " and "
                    + Counted.of(start.completedBatches(), "batch", "batches") + " of the next one");
        }
    }

    private ProgressLine bar(String task, long images, boolean validation) {
        ProgressLine line = bar;
        if (line == null || validating != validation) {
            removeBar();
            line = new ProgressLine(console, task, images);
            bar = line;
            validating = validation;
        }
        return line;
    }

    private String line(EpochMetrics metrics, boolean best) {
        secondsOfEpochs += metrics.seconds();
        epochsHere++;
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d/%d: loss %.4f, train %.2f %%",
                metrics.epoch(),
                epochs,
                metrics.trainLoss(),
                100 * metrics.trainTop1()));
        ValidationMetrics validation = metrics.validation();
        if (validation != null) {
            text.append(String.format(
                    Locale.ROOT,
                    ", validation %.2f %% (loss %.4f)%s",
                    100 * validation.top1(),
                    validation.loss(),
                    best ? ", best so far" : ""));
        }
        text.append(
                String.format(Locale.ROOT, ", %.0f images/s, %s", metrics.imagesPerSecond(), time(metrics.seconds())));
        if (metrics.waitSeconds() > NOTABLE_WAIT * metrics.seconds()) {
            text.append(String.format(
                    Locale.ROOT,
                    ", %.0f %% of it waiting for %s",
                    100 * metrics.waitSeconds() / metrics.seconds(),
                    awaited));
        }
        int left = epochs - metrics.epoch();
        if (left > 0) {
            text.append(", about ")
                    .append(time(left * secondsOfEpochs / epochsHere))
                    .append(" left");
        }
        return text.toString();
    }

    /** Returns the number of training batches of an epoch; 0 before the start. */
    int batchesPerEpoch() {
        return batchesPerEpoch;
    }

    /** Returns a duration as text: {@code 47.0 s}, {@code 3:05 min}, {@code 2:10 h}. */
    public static String time(double seconds) {
        var duration = Duration.ofMillis(Math.round(seconds * 1000));
        if (duration.toMinutes() == 0) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (duration.toHours() == 0) {
            return String.format(Locale.ROOT, "%d:%02d min", duration.toMinutes(), duration.toSecondsPart());
        }
        return String.format(Locale.ROOT, "%d:%02d h", duration.toHours(), duration.toMinutesPart());
    }

    @Override
    public void close() {
        removeBar();
    }

    /** Removes the bar, so that a message does not follow it on its line. */
    void removeBar() {
        preparation.close();
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
