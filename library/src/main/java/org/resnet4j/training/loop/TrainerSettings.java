package org.resnet4j.training.loop;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Check;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Schedule.RunLength;

/**
 * The settings of a training loop.
 *
 * @param epochs passes over the training data
 * @param learningRate learning rate of every step
 * @param accumulation batches in one update, at least 1
 * @param patience epochs without improved validation after which the run ends; 0 for no early stopping
 * @param checkpoint file and frequency of checkpoints; null for none
 * @param run further settings that identify the run, by name, in readable form: model, data, seed, batch size. A
 *     checkpoint with other values is rejected
 */
public record TrainerSettings(
        int epochs,
        LearningRate learningRate,
        int accumulation,
        int patience,
        @Nullable CheckpointPolicy checkpoint,
        Map<String, String> run)
        implements Serializable {
    public TrainerSettings {
        Check.atLeast("epochs", 1, epochs);
        Check.atLeast("accumulation", 1, accumulation);
        Check.atLeast("patience", 0, patience);
        run = Collections.unmodifiableMap(new LinkedHashMap<>(run));
    }

    /** Creates settings without accumulation, early stopping or checkpoints. */
    public TrainerSettings(int epochs, LearningRate learningRate) {
        this(epochs, learningRate, 1, 0, null, Map.of());
    }

    /** Returns a copy with this number of batches in one update. */
    public TrainerSettings withAccumulation(int batches) {
        return new TrainerSettings(epochs, learningRate, batches, patience, checkpoint, run);
    }

    /** Returns a copy that ends after this many epochs without improved validation. */
    public TrainerSettings withPatience(int changed) {
        return new TrainerSettings(epochs, learningRate, accumulation, changed, checkpoint, run);
    }

    /** Returns a copy with checkpoints; null for none. */
    public TrainerSettings withCheckpoint(@Nullable CheckpointPolicy policy) {
        return new TrainerSettings(epochs, learningRate, accumulation, patience, policy, run);
    }

    /** Returns a copy with other settings that identify the run. */
    public TrainerSettings withRun(Map<String, String> changed) {
        return new TrainerSettings(epochs, learningRate, accumulation, patience, checkpoint, changed);
    }

    private RunLength length(int batchesPerEpoch) {
        return new RunLength(epochs, Math.ceilDiv(batchesPerEpoch, accumulation));
    }

    /** Returns the learning rate of the update to which the next batch belongs. */
    double learningRate(TrainingProgress progress, int batchesPerEpoch) {
        RunLength length = length(batchesPerEpoch);
        long inEpoch = Math.min(progress.completedBatches() / accumulation, length.stepsPerEpoch() - 1);
        return learningRate.at((long) progress.completedEpochs() * length.stepsPerEpoch() + inEpoch, length);
    }

    /**
     * Returns the learning rate of the last update of an epoch.
     *
     * @param epoch counted from 1
     */
    double lastRate(int epoch, int batchesPerEpoch) {
        RunLength length = length(batchesPerEpoch);
        return learningRate.at((long) epoch * length.stepsPerEpoch() - 1, length);
    }

    /** Returns the number of batches in the group of the next batch; the last group of an epoch may be smaller. */
    int batchesInUpdate(TrainingProgress progress, int batchesPerEpoch) {
        int first = progress.completedBatches() / accumulation * accumulation;
        return Math.clamp(batchesPerEpoch - first, 1, accumulation);
    }

    /** Returns true if the next batch is the last of its group. */
    boolean endsGroup(TrainingProgress progress, int batchesPerEpoch) {
        int done = progress.completedBatches() + 1;
        return done % accumulation == 0 || done == batchesPerEpoch;
    }
}
