package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.resnet4j.benchmarks.Evidence.Agreement;

class AgreementTest {
    private static final float[] EXPECTED = {1, -4, 2};

    private static String refusal(float... actual) {
        return assertThrows(BenchmarkFailedException.class, () -> Agreement.check("other", EXPECTED, actual, 1e-3))
                .getMessage();
    }

    @Test
    void theDifferenceIsAShareOfTheLargestLogit() {
        assertEquals(
                0.0005,
                Agreement.check("other", EXPECTED, new float[] {1, -4, 2.002f}, 1e-3)
                        .difference(),
                1e-7);
        assertEquals(0, Agreement.check("other", EXPECTED, EXPECTED, 1e-3).difference());
    }

    @Test
    void aLargerDifferenceFailsTheRunAndNamesThePeer() {
        assertTrue(refusal(1, -4.005f, 2).startsWith("other computes other logits"), refusal(1, -4.005f, 2));
    }

    @Test
    void logitsThatAreNotNumbersFailTheRun() {
        assertEquals("logit 1 of other is NaN, expected -4.0", refusal(1, Float.NaN, 2));
        assertEquals("logit 0 of other is Infinity, expected 1.0", refusal(Float.POSITIVE_INFINITY, -4, 2));
    }

    @Test
    void anotherNumberOfLogitsFailsTheRun() {
        assertEquals("other gives 2 logits instead of 3", refusal(1, -4));
    }

    @Test
    void zerosProveNothing() {
        float[] zeros = new float[3];
        assertThrows(BenchmarkFailedException.class, () -> Agreement.check("other", zeros, zeros, 1e-3));
    }
}
