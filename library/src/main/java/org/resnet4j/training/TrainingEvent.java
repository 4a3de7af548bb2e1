package org.resnet4j.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What happens in a run, in order. Epochs and batches are counted from 1: these are for people. */
public sealed interface TrainingEvent {
    /**
     * The run begins, or goes on.
     *
     * @param epochs of the whole run
     * @param batchesPerEpoch training batches
     * @param validationBatches 0 without validation
     * @param completedEpochs epochs that are done already: 0 in a new run
     * @param completedBatches batches of the next epoch that are done already
     * @param resumed whether it goes on from a checkpoint
     */
    record Started(
            int epochs,
            int batchesPerEpoch,
            int validationBatches,
            int completedEpochs,
            int completedBatches,
            boolean resumed)
            implements TrainingEvent {}

    /**
     * A training batch is done.
     *
     * @param loss the mean loss of the batch
     * @param learningRate of the update that the batch is part of
     * @param samples images in the batch
     */
    record StepCompleted(int epoch, int batch, double loss, double learningRate, int samples)
            implements TrainingEvent {}

    /** A validation batch is done. */
    record ValidationStepCompleted(int epoch, int batch, int samples) implements TrainingEvent {}

    /** A network was saved as a model that predicts. */
    record ModelSaved(int epoch, SavedModel kind) implements TrainingEvent {}

    /** A network that is saved. */
    enum SavedModel {
        /** Validated better than all before; may come again. */
        BEST,
        /** The last of a complete run; comes once. */
        LAST
    }

    /**
     * An epoch is done, validation included.
     *
     * @param best whether none validated better before
     */
    record EpochCompleted(EpochMetrics metrics, boolean best) implements TrainingEvent {}

    /**
     * The run can go on from here.
     *
     * @param completedEpochs epochs that are done
     * @param completedBatches batches of the next epoch that are done
     */
    record CheckpointWritten(Path file, int completedEpochs, int completedBatches) implements TrainingEvent {}

    /** The run ends before its last epoch, as validation got no better. */
    record EarlyStopped(int epoch, int patience, BestEpoch best) implements TrainingEvent {}

    /** The run ends because the loss or the weights are not finite; a {@link DivergedException} follows. */
    record Diverged(String message) implements TrainingEvent {}

    /** The run ends because of an error, such as data that cannot be read; the exception follows. */
    record Failed(int epoch, int batch, String message) implements TrainingEvent {}

    /**
     * The run is complete.
     *
     * @param completedEpochs epochs that are done
     * @param best null without validation
     * @param seconds of the whole run, as far as checkpoints know
     */
    record Finished(int completedEpochs, @Nullable BestEpoch best, double seconds) implements TrainingEvent {}
}
