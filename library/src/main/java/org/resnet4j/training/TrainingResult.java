package org.resnet4j.training;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a run.
 *
 * @param completedEpochs epochs completed
 * @param stoppedEarly true if early stopping ended the run
 * @param best the epoch with the best validation; null without validation
 * @param last the last epoch; null if a resumed run had no epochs left
 * @param seconds duration of the whole run, including the time recorded in checkpoints
 * @since 0.1.0
 */
public record TrainingResult(
        int completedEpochs,
        boolean stoppedEarly,
        @Nullable BestEpoch best,
        @Nullable EpochMetrics last,
        double seconds) {}
