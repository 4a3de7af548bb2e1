package org.resnet4j.training.loop;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.ValidationMetrics;

/**
 * The progress of a run: everything the trainer itself needs to resume. Random order and augmentation follow from the
 * seed and this position, so there is no random state.
 *
 * @param completedEpochs epochs completed, validation included
 * @param completedBatches batches of the next epoch completed
 * @param tally sums over those batches
 * @param trainSeconds time spent on those batches
 * @param waitSeconds part of that time spent waiting for data
 * @param totalSeconds duration of the whole run so far
 * @param best the best epoch so far
 * @param epochsWithoutBetter epochs since the best one
 */
public record TrainingProgress(
        int completedEpochs,
        int completedBatches,
        Tally tally,
        double trainSeconds,
        double waitSeconds,
        double totalSeconds,
        @Nullable BestEpoch best,
        int epochsWithoutBetter)
        implements Serializable {
    public static final TrainingProgress START = new TrainingProgress(0, 0, Tally.EMPTY, 0, 0, 0, null, 0);

    /** Returns the progress after one more batch. */
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
     * Returns the progress at the start of the next epoch.
     *
     * @param validation null without validation
     * @param seconds time since the last batch
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

    /** Returns true if this validation would be the best so far. */
    boolean isBest(@Nullable ValidationMetrics validation) {
        return validation != null && (best == null || validation.isBetterThan(best.validation()));
    }
}
