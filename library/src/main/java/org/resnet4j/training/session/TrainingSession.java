package org.resnet4j.training.session;

import java.util.Map;
import org.resnet4j.dataset.loader.Batch;

/**
 * A network in training, on whatever engine: the trainer decides what it sees and when, the session computes. For one
 * thread at a time.
 */
public interface TrainingSession {
    /**
     * Runs a batch forward and backward and adds to the gradients. The gradients are those of the mean loss over all
     * images since the last {@link #update}, so that several batches count as one big one.
     *
     * @param batch read during the call, not kept
     * @param batchesInUpdate how many batches the next update will have seen, when all have come
     * @return with the training loss: label smoothing and mixed targets included; accuracy is by the labels
     * @throws IllegalArgumentException if the batch does not fit the network
     */
    BatchMetrics accumulate(Batch batch, int batchesInUpdate);

    /** Changes the weights by the gradients, then clears the gradients. */
    void update(double learningRate);

    /** Begins evaluation; the session is not trained until the result is closed. */
    Evaluation evaluate();

    /**
     * What a run needs to go on from here with the same bits: views of the live tensors, to be written or copied before
     * training goes on. To be called between {@link #update} and {@link #accumulate}.
     */
    SessionState state();

    /**
     * Copies back what {@link #state} gave.
     *
     * @throws IllegalArgumentException if names or shapes differ; nothing is changed then
     */
    void restore(SessionState state);

    /** The settings that must not change when a run goes on, by name, for people to read. */
    Map<String, String> settings();

    /**
     * The network as it predicts: running statistics, and averaged weights where the session averages. While it is
     * open, the network itself holds those weights, so that it can be saved.
     */
    interface Evaluation extends AutoCloseable {
        /** Scores a batch; the loss is without label smoothing. */
        BatchMetrics score(Batch batch);

        /** Gives the network its training weights back. */
        @Override
        void close();
    }
}
