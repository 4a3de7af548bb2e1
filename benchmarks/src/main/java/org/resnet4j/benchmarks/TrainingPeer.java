package org.resnet4j.benchmarks;

import org.resnet4j.resnet.ResNet;

/** An engine that can train. */
public non-sealed interface TrainingPeer extends Peer {
    /** Rate of the measured steps: small, so that the loss stays finite on one repeated batch. */
    float LEARNING_RATE = 0.01f;

    /** Momentum of the measured steps. */
    float MOMENTUM = 0.9f;

    /** Weight decay of the measured steps. */
    float WEIGHT_DECAY = 1e-4f;

    /** Builds the network and its batch, ready for the first step. */
    Running prepare(Workload workload, int threads);

    /** The network that every engine begins with, for it alone. */
    static ResNet network(Workload workload) {
        return ResNet.create(workload.spec(), 1);
    }

    /**
     * One network under training, on one batch that stays the same. A call is a whole training step: gradients to zero,
     * forward, cross-entropy, backward, SGD with momentum and weight decay.
     */
    interface Running extends Session {
        /** The loss before the last step. */
        double loss();
    }
}
