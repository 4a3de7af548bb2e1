package org.resnet4j.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An event of a training run. Events come in order; epochs and batches are counted from 1.
 *
 * @since 0.1.0
 */
public sealed interface TrainingEvent {
    /**
     * The run starts or is resumed.
     *
     * @param epochs epochs of the whole run
     * @param batchesPerEpoch training batches in an epoch
     * @param validationBatches validation batches; 0 without validation
     * @param completedEpochs epochs already completed: 0 in a new run
     * @param completedBatches batches of the next epoch already completed
     * @param resumed true if the run resumes from a checkpoint
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
     * A training batch was completed.
     *
     * @param loss mean loss of the batch
     * @param learningRate learning rate of the update that the batch is part of
     * @param samples images in the batch
     */
    record StepCompleted(int epoch, int batch, double loss, double learningRate, int samples)
            implements TrainingEvent {}

    /** A validation batch was completed. */
    record ValidationStepCompleted(int epoch, int batch, int samples) implements TrainingEvent {}

    /** A network was saved as a model for prediction. */
    record ModelSaved(int epoch, SavedModel kind) implements TrainingEvent {}

    /** The kind of a saved network. */
    enum SavedModel {
        /** The network with the best validation so far; may occur repeatedly. */
        BEST,
        /** The final network of a complete run; occurs once. */
        LAST
    }

    /**
     * An epoch was completed, validation included.
     *
     * @param best true if this validation is the best so far
     */
    record EpochCompleted(EpochMetrics metrics, boolean best) implements TrainingEvent {}

    /**
     * A checkpoint was written, from which the run can be resumed.
     *
     * @param completedEpochs epochs completed
     * @param completedBatches batches of the next epoch completed
     */
    record CheckpointWritten(Path file, int completedEpochs, int completedBatches) implements TrainingEvent {}

    /** The run ends before its last epoch because validation no longer improves. */
    record EarlyStopped(int epoch, int patience, BestEpoch best) implements TrainingEvent {}

    /** The run ends because the loss or the weights are not finite; a {@link DivergedException} follows. */
    record Diverged(String message) implements TrainingEvent {}

    /** The run ends because of an error, such as data that cannot be read; the exception follows. */
    record Failed(int epoch, int batch, String message) implements TrainingEvent {}

    /**
     * The run is complete.
     *
     * @param completedEpochs epochs completed
     * @param best the best epoch; null without validation
     * @param seconds duration of the whole run, including the time recorded in checkpoints
     */
    record Finished(int completedEpochs, @Nullable BestEpoch best, double seconds) implements TrainingEvent {}
}
