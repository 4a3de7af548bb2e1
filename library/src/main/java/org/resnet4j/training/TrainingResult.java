package org.resnet4j.training;

import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param completedEpochs epochs that are done
 * @param stoppedEarly whether validation got no better for too long
 * @param best the epoch that validated best; null without validation
 * @param last the last epoch; null where a resumed run had none left to do
 * @param seconds of the whole run, as far as checkpoints know
 */
public record TrainingResult(
        int completedEpochs,
        boolean stoppedEarly,
        @Nullable BestEpoch best,
        @Nullable EpochMetrics last,
        double seconds) {}
