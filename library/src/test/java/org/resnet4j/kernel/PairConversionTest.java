package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.lookup.KernelLookup;

/** Compares the conversions between floats and {@link BFloat16Pairs}. */
class PairConversionTest {
    private static final int NUMBERS = 1 << 16;

    private final ConversionKernel scalar = KernelLookup.scalar().conversion();
    private final ConversionKernel vector = KernelLookup.vector().conversion();

    @Test
    void everyNumberIsItsFloat() {
        float[] pairs = new float[NUMBERS / 2];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = Float.intBitsToFloat(2 * i | 2 * i + 1 << 16);
        }
        for (ConversionKernel kernel : List.of(scalar, vector)) {
            float[] floats = new float[NUMBERS];
            kernel.toFloats(pairs, 0, floats, 0, NUMBERS);
            for (int i = 0; i < NUMBERS; i++) {
                assertEquals(i << 16, Float.floatToRawIntBits(floats[i]), kernel + ", number " + i);
            }
        }
    }

    @Test
    void floatsOfAllKindsAreRoundedToTheSameBits() {
        float[] floats = new float[4 * NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            // Each upper half with the lower halves around the middle.
            for (int k = 0; k < 4; k++) {
                floats[4 * i + k] = Float.intBitsToFloat(i << 16 | new int[] {0, 0x7fff, 0x8000, 0x8001}[k]);
            }
        }
        float[] expected = new float[2 * NUMBERS];
        float[] actual = new float[2 * NUMBERS];
        scalar.ofFloats(floats, 0, expected, 0, floats.length);
        vector.ofFloats(floats, 0, actual, 0, floats.length);
        assertSameBits(expected, actual, "rounded");
        for (int i = 0; i < floats.length; i++) {
            assertEquals(BFloat16.toFloat(BFloat16.of(floats[i])), BFloat16Pairs.get(expected, i), "number " + i);
        }
    }

    @Test
    void rangesAreConvertedAndTheOthersStay() {
        var random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            int from = 2 * random.nextInt(20);
            int to = 2 * random.nextInt(20);
            int count = 2 * random.nextInt(50);
            float[] floats = new RandomArrays(round).normal(200, 0, 1);
            float[] pairs = PairExamples.pairs(floats);
            float[] expected = floats.clone();
            float[] actual = floats.clone();
            scalar.toFloats(pairs, from, expected, to, count);
            vector.toFloats(pairs, from, actual, to, count);
            assertSameBits(expected, actual, "floats");
            float[] rounded = pairs.clone();
            scalar.ofFloats(floats, from, rounded, to, count);
            vector.ofFloats(floats, from, pairs, to, count);
            assertSameBits(rounded, pairs, "pairs");
        }
    }

    @Test
    void copiesMoveNumbersByEvenAndOddDistances() {
        float[] numbers = PairExamples.numbers(PairExamples.pairs(new RandomArrays(2).normal(30, 0, 1)));
        for (int source = 0; source < 4; source++) {
            for (int target = 0; target < 4; target++) {
                for (int count = 0; count < 8; count++) {
                    float[] expected = Arrays.copyOf(numbers, 30);
                    System.arraycopy(numbers, source + 12, expected, target, count);
                    float[] pairs = PairExamples.pairs(numbers);
                    BFloat16Pairs.copy(pairs, source + 12, pairs, target, count);
                    assertSameBits(expected, PairExamples.numbers(pairs), source + " to " + target);
                }
            }
        }
    }
}
