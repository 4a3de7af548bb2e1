package org.resnet4j.benchmarks;

/**
 * An engine that can be measured: our library or a native runtime. Engines that need native libraries are found by
 * {@link java.util.ServiceLoader}, so that the benchmarks compile and run without them.
 */
public sealed interface Peer extends AutoCloseable permits PredictionPeer, TrainingPeer {
    /** Returns the name, for the table and to select the peer: {@code onnxruntime}, {@code libtorch-nchw}. */
    String name();

    /** Returns the version and the arithmetic, in one line. */
    String describe();

    /** Frees resources beyond those of the sessions. */
    @Override
    default void close() {}
}
