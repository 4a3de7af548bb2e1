package org.resnet4j.benchmarks;

/**
 * An engine that can do the measured work: our library, or a native runtime. Engines that need native libraries are
 * found by {@link java.util.ServiceLoader}, so that the benchmarks compile and run without them.
 */
public interface Peer {
    /** For the table: {@code resnet4j}, {@code libtorch}. */
    String name();

    /** The version and what it computes with, in one line. */
    String describe();

    /** Builds the network and its batch, ready for the first step. */
    Session prepare(Workload workload, int threads);

    /** One network under training, on one batch that stays the same. */
    interface Session extends AutoCloseable {
        /**
         * A whole training step: gradients to zero, forward, cross-entropy, backward, SGD with momentum 0.9 and weight
         * decay 1e-4.
         *
         * @return the loss before the step
         */
        double step();

        /** Frees the network and its threads. */
        @Override
        void close();
    }
}
