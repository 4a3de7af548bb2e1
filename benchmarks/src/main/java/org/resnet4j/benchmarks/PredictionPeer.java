package org.resnet4j.benchmarks;

/** An engine that can predict. */
public non-sealed interface PredictionPeer extends Peer {
    /** Builds the network for the batch. */
    Running prepare(Prediction prediction, int threads);

    /**
     * Returns true if the engine cannot share a process with the others because its native libraries have the same
     * names. It then runs in its own process and still takes turns with the others.
     */
    default boolean needsOwnProcess() {
        return false;
    }

    /** A network in evaluation mode with one batch. A call computes the logits of the batch. */
    interface Running extends Session {
        /** Returns the logits of the batch, {@code [N, classes]}, after a call. */
        float[] logits();
    }
}
