package org.resnet4j.training.session;

import java.io.IOException;
import java.util.Map;
import org.resnet4j.dataset.loader.Batch;

/** A network in training, on any engine: the trainer supplies the batches, the session computes. Not thread-safe. */
public interface TrainingSession {
    /**
     * Runs a batch forward and backward and accumulates its gradients. The gradients are those of the mean loss over
     * all images since the last {@link #update}, so that several batches count as one large batch.
     *
     * @param batch read during the call, not kept; may be empty
     * @param batchesInUpdate total number of batches in the next update
     * @return metrics of the batch; the loss includes label smoothing and mixed targets, the accuracy is by the labels
     * @throws IllegalArgumentException if the batch does not fit the network
     * @throws IOException if another process that trains the same network fails or cannot be reached
     */
    BatchMetrics accumulate(Batch batch, int batchesInUpdate) throws IOException;

    /** Updates the weights by the gradients, then clears the gradients. */
    void update(double learningRate);

    /** Begins evaluation; the session cannot be trained until the result is closed. */
    Evaluation evaluate();

    /**
     * Returns the state from which a run resumes with identical bits. Its tensors are views of the live ones; write or
     * copy them before training continues. Call it between {@link #update} and {@link #accumulate}.
     */
    SessionState state();

    /**
     * Restores a state that {@link #state} returned.
     *
     * @throws IllegalArgumentException if names or shapes differ; nothing is changed then
     */
    void restore(SessionState state);

    /** Returns the settings that must not change when a run is resumed, by name, in readable form. */
    Map<String, String> settings();

    /**
     * The network in prediction mode: with running statistics, and with averaged weights if the session averages. While
     * it is open, the network itself holds those weights, so that it can be saved.
     */
    interface Evaluation extends AutoCloseable {
        /** Scores a batch; the loss excludes label smoothing. */
        BatchMetrics score(Batch batch);

        /** Restores the training weights of the network. */
        @Override
        void close();
    }
}
