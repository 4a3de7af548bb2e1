package org.resnet4j.training.loop;

import org.jspecify.annotations.Nullable;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.ValidationMetrics;

/**
 * How far a run is: all that the trainer itself must know to go on. Random order and augmentation follow from the seed
 * and this place, so there is no random state.
 *
 * @param completedEpochs epochs that are done, validation included
 * @param completedBatches batches of the next epoch that are done
 * @param tally their sums
 * @param trainSeconds time they took
 * @param waitSeconds of these, time spent waiting for data
 * @param totalSeconds time of the whole run so far
 * @param best the best epoch so far
 * @param epochsWithoutBetter epochs since then
 */
record TrainingProgress(
        int completedEpochs,
        int completedBatches,
        Tally tally,
        double trainSeconds,
        double waitSeconds,
        double totalSeconds,
        @Nullable BestEpoch best,
        int epochsWithoutBetter) {
    static final TrainingProgress START = new TrainingProgress(0, 0, Tally.EMPTY, 0, 0, 0, null, 0);

    /** One batch further. */
    TrainingProgress afterBatch(Tally sums, double seconds, double waited) {
        return new TrainingProgress(
                completedEpochs,
                completedBatches + 1,
                sums,
                trainSeconds + seconds,
                waitSeconds + waited,
                totalSeconds + seconds,
                best,
                epochsWithoutBetter);
    }

    /**
     * At the start of the next epoch.
     *
     * @param validation null without validation
     * @param seconds since the last batch
     */
    TrainingProgress afterEpoch(@Nullable ValidationMetrics validation, double seconds) {
        int epoch = completedEpochs + 1;
        boolean better = isBest(validation);
        return new TrainingProgress(
                epoch,
                0,
                Tally.EMPTY,
                0,
                0,
                totalSeconds + seconds,
                better && validation != null ? new BestEpoch(epoch, validation) : best,
                better ? 0 : epochsWithoutBetter + 1);
    }

    /** Whether this would be the best epoch so far. */
    boolean isBest(@Nullable ValidationMetrics validation) {
        return validation != null && (best == null || validation.isBetterThan(best.validation()));
    }
}
