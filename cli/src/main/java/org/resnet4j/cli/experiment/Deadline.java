package org.resnet4j.cli.experiment;

import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.train.Supervisor;
import org.resnet4j.training.TrainingEvent;

/** A supervisor that ends a training run when the time of its experiment is over, and records if the run diverges. */
final class Deadline implements Supervisor {
    private final long end;
    private final String resumption;
    private boolean diverged;

    /**
     * Creates a deadline.
     *
     * @param end the time, in {@link System#nanoTime}
     * @param resumption the command that resumes the experiment
     */
    Deadline(long end, String resumption) {
        this.end = end;
        this.resumption = resumption;
    }

    /** Clears the state of the previous run. */
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
