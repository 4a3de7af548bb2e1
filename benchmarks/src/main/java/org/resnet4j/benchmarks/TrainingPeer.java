package org.resnet4j.benchmarks;

import org.resnet4j.resnet.ResNet;

/** An engine that can train. */
public non-sealed interface TrainingPeer extends Peer {
    /** Learning rate of the measured steps: small, so that the loss stays finite on one repeated batch. */
    float LEARNING_RATE = 0.01f;

    /** Momentum of the measured steps. */
    float MOMENTUM = 0.9f;

    /** Weight decay of the measured steps. */
    float WEIGHT_DECAY = 1e-4f;

    /** Builds the network and its batch, ready for the first step. */
    Running prepare(Workload workload, int threads);

    /** Creates the network that every engine starts with. */
    static ResNet network(Workload workload) {
        return ResNet.create(workload.spec(), 1);
    }

    /**
     * A network in training on one fixed batch. A call is a whole training step: clearing the gradients, forward,
     * cross-entropy, backward, SGD with momentum and weight decay.
     */
    interface Running extends Session {
        /** Returns the loss before the last step. */
        double loss();
    }
}
