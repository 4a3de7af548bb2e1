package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Comparisons of the results of plans. */
final class Results {
    private Results() {}

    /** Returns the largest difference, relative to the largest expected number. */
    static double apart(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.array()[i]));
            double d = Math.abs((double) expected.array()[i] - actual.array()[i]);
            // Not Math.max, and with the comparison this way round: a NaN must count.
            difference = d <= difference ? difference : d;
        }
        return difference / largest;
    }

    static void assertClose(String what, Tensor expected, Tensor actual, double tolerance) {
        double apart = apart(expected, actual);
        assertTrue(apart <= tolerance, () -> what + ": apart by " + apart + " of the largest, allowed " + tolerance);
    }

    static void assertSameBits(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), what);
        for (int i = 0; i < expected.size(); i++) {
            if (Float.floatToRawIntBits(expected.array()[i]) != Float.floatToRawIntBits(actual.array()[i])) {
                int index = i;
                throw new AssertionError(what + ": element " + index + " is " + actual.array()[index] + ", expected "
                        + expected.array()[index]);
            }
        }
    }

    /** Returns rows {@code from} to {@code from + count - 1} of the first axis. */
    static Tensor rows(Tensor tensor, int from, int count) {
        Shape shape = tensor.shape().withBatch(count);
        int row = tensor.size() / tensor.shape().extent(0);
        return Tensor.wrap(Arrays.copyOfRange(tensor.array(), from * row, (from + count) * row), shape);
    }
}
