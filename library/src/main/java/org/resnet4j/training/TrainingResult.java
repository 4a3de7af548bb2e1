package org.resnet4j.training;

import org.jspecify.annotations.Nullable;

/**
 * The result of a run.
 *
 * @param completedEpochs completed epochs
 * @param stoppedEarly true if the run ended because validation did not improve
 * @param best epoch with the best validation; null without validation
 * @param last the last epoch; null if a resumed run had no epochs left
 * @param seconds time of the whole run, as recorded in checkpoints
 */
public record TrainingResult(
        int completedEpochs,
        boolean stoppedEarly,
        @Nullable BestEpoch best,
        @Nullable EpochMetrics last,
        double seconds) {}
