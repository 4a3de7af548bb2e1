package org.resnet4j.benchmarks;

/**
 * An engine that can do measured work: our library, or a native runtime. Engines that need native libraries are found by
 * {@link java.util.ServiceLoader}, so that the benchmarks compile and run without them.
 */
public sealed interface Peer extends AutoCloseable permits PredictionPeer, TrainingPeer {
    /** For the table, and to select it: {@code onnxruntime}, {@code libtorch-nchw}. */
    String name();

    /** The version and what it computes with, in one line. */
    String describe();

    /** Frees what it holds beyond its sessions. */
    @Override
    default void close() {}
}
