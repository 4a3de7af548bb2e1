package org.resnet4j.training.session;

import java.util.Map;
import org.resnet4j.dataset.loader.Batch;

/**
 * A network in training, on any engine. The trainer decides on the order of batches and updates; the session computes.
 * For one thread at a time.
 */
public interface TrainingSession {
    /**
     * Runs a batch forward and backward and adds to the gradients. The gradients are those of the mean loss over all
     * images since the last {@link #update}, so that several batches act as one larger batch.
     *
     * @param batch read during the call, not kept
     * @param batchesInUpdate total number of batches in the next update
     * @return metrics with the training loss, including label smoothing and mixed targets; accuracy is by the labels
     * @throws IllegalArgumentException if the batch does not fit the network
     */
    BatchMetrics accumulate(Batch batch, int batchesInUpdate);

    /** Updates the weights by the gradients, then clears the gradients. */
    void update(double learningRate);

    /** Begins an evaluation; training is not allowed until it is closed. */
    Evaluation evaluate();

    /**
     * Returns the state a run needs to resume with the same bits: views of the live tensors, to be written or copied
     * before training continues. Must be called between {@link #update} and {@link #accumulate}.
     */
    SessionState state();

    /**
     * Copies back a state returned by {@link #state}.
     *
     * @throws IllegalArgumentException if names or shapes differ; nothing is changed then
     */
    void restore(SessionState state);

    /** Returns the settings that must not change when a run resumes, by name, for display. */
    Map<String, String> settings();

    /**
     * The network in prediction mode: running statistics, and averaged weights if the session averages. While it is
     * open, the network itself holds those weights, so that it can be saved.
     */
    interface Evaluation extends AutoCloseable {
        /** Scores a batch; the loss is without label smoothing. */
        BatchMetrics score(Batch batch);

        /** Restores the network's training weights. */
        @Override
        void close();
    }
}
