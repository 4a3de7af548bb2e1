package org.resnet4j.benchmarks;

/** Thrown when a peer fails or computes wrong results; the message is for users. */
final class BenchmarkFailedException extends RuntimeException {
    BenchmarkFailedException(String message) {
        super(message);
    }

    BenchmarkFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
