package org.resnet4j.benchmarks;

import org.resnet4j.tensor.Tensor;

/** An engine behind the {@link MinimalServer}. */
public interface ServingPeer {
    /** Returns the name for the command line and the report. */
    String name();

    /** Builds the network. */
    Network load(Prediction prediction, int threads);

    /** A network in evaluation mode that takes batches of any size. */
    interface Network {
        /**
         * Computes a batch.
         *
         * @param images {@code [N, C, H, W]}
         * @return the logits of each image
         */
        float[][] logits(Tensor images);
    }
}
