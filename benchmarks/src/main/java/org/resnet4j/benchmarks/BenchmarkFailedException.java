package org.resnet4j.benchmarks;

/** A peer does not do what it is measured for; the message is for people. */
final class BenchmarkFailedException extends RuntimeException {
    BenchmarkFailedException(String message) {
        super(message);
    }

    BenchmarkFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
