package org.resnet4j.benchmarks;

/** An engine that can predict. */
public non-sealed interface PredictionPeer extends Peer {
    /** Builds the network for the batch. */
    Running prepare(Prediction prediction, int threads);

    /**
     * Returns true if the engine runs in a process of its own and takes its turns there, as native engines do: their
     * libraries may have the same names, and an error in them may end the process.
     */
    default boolean needsOwnProcess() {
        return true;
    }

    /** A network in evaluation mode with one batch. A call computes the logits of the batch. */
    interface Running extends Session {
        /** Returns the logits of the batch, {@code [N, classes]}, after a call. */
        float[] logits();
    }
}
