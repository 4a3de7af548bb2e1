package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FusedMultiplyAddTest {
    private static final int EXAMPLES = 100_000;

    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Math.nextDown(Float.MIN_NORMAL),
        Math.nextUp(1f),
        -Math.nextDown(1f),
        0x1p-75f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private static void assertRoundedOnce(float a, float b, float c) {
        assertEquals(Math.fma(a, b, c), FusedMultiplyAdd.inDoubles(a, b, c), () -> a + " * " + b + " + " + c);
    }

    @Test
    @Tag("any-width")
    void doublesRoundSpecialNumbersOnce() {
        for (float a : SPECIAL) {
            for (float b : SPECIAL) {
                for (float c : SPECIAL) {
                    assertRoundedOnce(a, b, c);
                }
            }
        }
    }

    @Test
    @Tag("any-width")
    void doublesRoundAnyBitsOnce() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < EXAMPLES; i++) {
            assertRoundedOnce(
                    Float.intBitsToFloat(random.nextInt()),
                    Float.intBitsToFloat(random.nextInt()),
                    Float.intBitsToFloat(random.nextInt()));
        }
    }

    /** The addend is half a unit in the last place of the product, or about as large as the product, or tiny beside it. */
    @Test
    @Tag("any-width")
    void doublesRoundTiesOnce() {
        var random = new SplittableRandom(2);
        for (int i = 0; i < EXAMPLES; i++) {
            float a = random.nextInt(1 << 12) * 0x1p-6f;
            float b = random.nextInt(1 << 14) * 0x1p-7f;
            int exponent = Math.getExponent(a * b) - random.nextInt(60);
            float sign = random.nextBoolean() ? 1 : -1;
            assertRoundedOnce(a, b, sign * Math.scalb(1f, exponent));
            assertRoundedOnce(a, b, sign * Math.scalb(1 + random.nextInt(4) * 0x1p-23f, exponent));
            assertRoundedOnce(sign * Math.nextUp(a), b, a * b);
        }
    }

    /** Both are bounded away from the limit by a factor of a hundred and of ten. */
    @Test
    void anInstructionIsRecognized() {
        var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        assumeTrue(options != null, "not a HotSpot JVM");
        assertEquals(Boolean.valueOf(options.getVMOption("UseFMA").getValue()), FusedMultiplyAdd.IS_INSTRUCTION);
    }
}
