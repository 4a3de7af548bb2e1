package org.resnet4j.benchmarks;

/** An engine that can predict. */
public non-sealed interface PredictionPeer extends Peer {
    /** Builds the network for the batch. */
    Running prepare(Prediction prediction, int threads);

    /**
     * Whether it cannot live with the other engines in one process, because its native libraries have the names of
     * theirs. It then runs in a process of its own, and takes turns with the others all the same.
     */
    default boolean needsOwnProcess() {
        return false;
    }

    /** One network in evaluation and one batch. A call computes the logits of the batch. */
    interface Running extends Session {
        /** The logits of the batch, {@code [N, classes]}, after a call. */
        float[] logits();
    }
}
