package org.resnet4j.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An event of a run, in order. Epochs and batches are counted from 1, for display. */
public sealed interface TrainingEvent {
    /**
     * The run starts or resumes.
     *
     * @param epochs epochs of the whole run
     * @param batchesPerEpoch training batches
     * @param validationBatches 0 without validation
     * @param completedEpochs epochs already completed: 0 in a new run
     * @param completedBatches completed batches of the next epoch
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
     * A training batch is completed.
     *
     * @param loss mean loss of the batch
     * @param learningRate learning rate of the update that the batch belongs to
     * @param samples images in the batch
     */
    record StepCompleted(int epoch, int batch, double loss, double learningRate, int samples)
            implements TrainingEvent {}

    /** A validation batch is completed. */
    record ValidationStepCompleted(int epoch, int batch, int samples) implements TrainingEvent {}

    /** The network was saved as a model for prediction. */
    record ModelSaved(int epoch, SavedModel kind) implements TrainingEvent {}

    /** The kind of saved model. */
    enum SavedModel {
        /** The best validation so far; may occur again. */
        BEST,
        /** The last epoch of a complete run; occurs once. */
        LAST
    }

    /**
     * An epoch is completed, validation included.
     *
     * @param best true if no earlier epoch validated better
     */
    record EpochCompleted(EpochMetrics metrics, boolean best) implements TrainingEvent {}

    /**
     * A checkpoint was written, from which the run can be resumed.
     *
     * @param completedEpochs completed epochs
     * @param completedBatches completed batches of the next epoch
     */
    record CheckpointWritten(Path file, int completedEpochs, int completedBatches) implements TrainingEvent {}

    /** The run ends before its last epoch, as validation did not improve. */
    record EarlyStopped(int epoch, int patience, BestEpoch best) implements TrainingEvent {}

    /** The run ends because the loss or the weights are not finite; a {@link DivergedException} follows. */
    record Diverged(String message) implements TrainingEvent {}

    /** The run ends because of an error, such as unreadable data; the exception follows. */
    record Failed(int epoch, int batch, String message) implements TrainingEvent {}

    /**
     * The run is complete.
     *
     * @param completedEpochs completed epochs
     * @param best null without validation
     * @param seconds time of the whole run, as recorded in checkpoints
     */
    record Finished(int completedEpochs, @Nullable BestEpoch best, double seconds) implements TrainingEvent {}
}
