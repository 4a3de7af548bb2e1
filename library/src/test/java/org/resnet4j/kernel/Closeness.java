package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/** Compares arrays, relative to the largest expected value. */
public final class Closeness {
    private Closeness() {}

    /** Compares as many elements as are expected; the other array may be longer. */
    public static void assertClose(double[] expected, float[] actual, double tolerance, Object what) {
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(Double.isFinite(largest), () -> what + ": the expected values are not finite");
        for (int i = 0; i < expected.length; i++) {
            double distance = Math.abs(expected[i] - actual[i]);
            if (!(distance <= tolerance * largest)) {
                fail(what + ": element " + i + " of " + expected.length + " is " + actual[i] + " instead of "
                        + expected[i] + "; the largest is " + largest);
            }
        }
    }

    /** Compares the first {@code length} elements. */
    public static void assertClose(float[] expected, float[] actual, int length, double tolerance, Object what) {
        assertClose(DoubleReference.widen(expected, length), actual, tolerance, what);
    }

    /** Compares bits and reports where they differ. */
    public static void assertSameBits(float[] expected, float[] actual, Object what) {
        assertTrue(expected.length == actual.length, () -> what + ": lengths differ");
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                fail(what + ": element " + i + " is " + actual[i] + " instead of " + expected[i]);
            }
        }
    }
}
