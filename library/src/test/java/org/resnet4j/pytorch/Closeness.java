package org.resnet4j.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whether numbers agree with PyTorch's. An element may be off by a share of itself or, where it is small, of the root
 * mean square of its tensor: float32 gives no better, as sums cancel.
 */
public final class Closeness {
    private Closeness() {}

    /** Fails unless all elements agree; {@code actual} may be longer. */
    public static void assertClose(String what, double[] expected, float[] actual, double tolerance) {
        double squares = 0;
        for (double value : expected) {
            squares += value * value;
        }
        double size = Math.sqrt(squares / expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertElement(what, i, expected[i], actual[i], size, tolerance);
        }
    }

    /**
     * Fails unless the norm and the chosen elements of a tensor agree with a summary.
     *
     * @param summary with {@code norm} and {@code elements}, evenly spaced over the tensor
     * @param size how many floats of {@code actual} there are
     */
    public static void assertSummary(String what, PyTorchFixture summary, int size, float[] actual, double tolerance) {
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += (double) actual[i] * actual[i];
        }
        double norm = summary.number("norm");
        assertEquals(norm, Math.sqrt(squares), tolerance * norm, "norm of " + what);
        double[] elements = summary.numbers("elements");
        for (int j = 0; j < elements.length; j++) {
            int index = (int) ((long) j * size / elements.length);
            assertElement(what, index, elements[j], actual[index], norm / Math.sqrt(size), tolerance);
        }
    }

    private static void assertElement(
            String what, int index, double expected, double actual, double size, double tolerance) {
        double allowed = tolerance * Math.max(Math.abs(expected), size);
        assertTrue(
                Math.abs(expected - actual) <= allowed,
                () -> what + "[" + index + "]: expected " + expected + ", got " + actual + ", apart by "
                        + Math.abs(expected - actual) + " where " + allowed + " is allowed");
    }
}
