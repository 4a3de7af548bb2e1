package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.resnet4j.kernel.converted.ConvertedKernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** Feature maps in bfloat16 for tests, and the kernels that other kernels for them are compared with. */
final class PairExamples {
    private static final Kernels VECTOR = KernelLookup.vector();
    private static final Kernels SCALAR = KernelLookup.scalar();

    /** Even numbers of channels, with and without a rest beside whole vectors. */
    static final List<Integer> CHANNELS =
            List.of(2, 6, VectorTiles.LANES, VectorTiles.LANES + 2, 2 * VectorTiles.LANES, 66);

    /** The kernels under test. */
    static final MapKernels PAIRS = VECTOR.bfloat16();

    /** Kernels that compute the same bits on floats. */
    static final MapKernels SAME_BITS = ConvertedKernels.of(VECTOR.float32(), VECTOR.conversion());

    /** The reference. */
    static final MapKernels PLAIN = ConvertedKernels.of(SCALAR.float32(), SCALAR.conversion());

    private static final float[] SPECIAL = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        -0f,
        0f,
        Float.MIN_VALUE,
        -Float.MIN_NORMAL / 2,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -1.00390625f
    };

    private final RandomArrays random;

    PairExamples(long seed) {
        random = new RandomArrays(seed);
    }

    /** Returns numbers of few values, so that some are equal. */
    float[] coarse(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.integer(-4, 4);
        }
        return pairs(numbers);
    }

    /** Returns normally distributed numbers. */
    float[] normal(int count) {
        return pairs(random.normal(count, 0.2, 1));
    }

    /** Returns numbers of which one in ten is zero, not finite, or at the border of the range. */
    float[] special(int count) {
        float[] numbers = random.normal(count, 0.2, 1);
        for (int i = 0; i < count; i++) {
            if (random.integer(0, 9) == 0) {
                numbers[i] = SPECIAL[random.integer(0, SPECIAL.length - 1)];
            }
        }
        return pairs(numbers);
    }

    /** Rounds numbers. */
    static float[] pairs(float[] numbers) {
        float[] pairs = new float[BFloat16Pairs.floats(numbers.length)];
        for (int i = 0; i < numbers.length; i++) {
            BFloat16Pairs.set(pairs, i, numbers[i]);
        }
        return pairs;
    }

    /** Returns the numbers of a feature map. */
    static float[] numbers(float[] pairs) {
        float[] numbers = new float[2 * pairs.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = BFloat16Pairs.get(pairs, i);
        }
        return numbers;
    }

    /** Compares the bits of feature maps. One NaN is as good as another. */
    static void assertSamePairs(float[] expected, float[] actual, Object what) {
        assertSameNumbers(numbers(expected), numbers(actual), what);
    }

    /** Compares the bits of numbers. One NaN is as good as another. */
    static void assertSameNumbers(float[] expected, float[] actual, Object what) {
        for (int i = 0; i < expected.length; i++) {
            // Unlike floatToRawIntBits, it has the same bits for every NaN.
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                fail(what + ": number " + i + " is " + actual[i] + " instead of " + expected[i]);
            }
        }
    }
}
