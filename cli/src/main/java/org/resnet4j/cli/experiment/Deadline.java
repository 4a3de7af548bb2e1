package org.resnet4j.cli.experiment;

import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.train.Supervisor;
import org.resnet4j.training.TrainingEvent;

/** Ends a training run when the time of its experiment is over, and hears whether it diverges. */
final class Deadline implements Supervisor {
    private final long end;
    private final String resumption;
    private boolean diverged;

    /**
     * @param end when, as {@link System#nanoTime} says it
     * @param resumption the command that goes on with the experiment
     */
    Deadline(long end, String resumption) {
        this.end = end;
        this.resumption = resumption;
    }

    /** Forgets what became of the run before. */
    void nextRun() {
        diverged = false;
    }

    boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    boolean hasDiverged() {
        return diverged;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Diverged) {
            diverged = true;
        } else if (event instanceof TrainingEvent.StepCompleted && isOver()) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String resumption(OutputFolder run) {
        return resumption;
    }
}
