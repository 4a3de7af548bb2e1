package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BFloat16Test {
    /** Bits as {@code vcvtneps2bf16} converts them. */
    @ParameterizedTest
    @CsvSource({
        "1.00390625, 3f80", "1.01171875, 3f82", "1.0039064, 3f81", "-1.01171875, bf82", "3.4e38, 7f80", "NaN, 7fc0",
        "Infinity, 7f80", "1e-38, 0000", "-1e-39, 8000", "1.17549435e-38, 0080", "0, 0000", "-0.0, 8000"
    })
    void numbersAreRoundedHalfToEven(float number, String bits) {
        assertEquals(bits, String.format("%04x", BFloat16.of(number)));
    }

    @Test
    void everyNormalNumberIsItself() {
        for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
            float number = BFloat16.toFloat((short) bits);
            if (Float.isNaN(number)) {
                assertTrue(Float.isNaN(BFloat16.toFloat(BFloat16.of(number))));
            } else if (Math.abs(number) >= Float.MIN_NORMAL || number == 0) {
                assertEquals((short) bits, BFloat16.of(number));
            } else {
                assertEquals(0, Math.abs(BFloat16.factor((short) bits)));
            }
        }
    }

    @Test
    void ranksAreInTheOrderOfTheNumbers() {
        float[] numbers = {Float.NEGATIVE_INFINITY, -2, -1, -0f, 0, 1, 1.5f, Float.POSITIVE_INFINITY, Float.NaN};
        for (int i = 1; i < numbers.length; i++) {
            assertTrue(BFloat16.rank(BFloat16.of(numbers[i - 1])) < BFloat16.rank(BFloat16.of(numbers[i])));
        }
        for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
            assertEquals((short) bits, BFloat16.ofRank(BFloat16.rank((short) bits)));
        }
        assertTrue(BFloat16.rank((short) 0xffc0) > BFloat16.rank(BFloat16.of(Float.POSITIVE_INFINITY)));
    }

    @Test
    void productsAreAddedTwoAtATime() {
        assertArrayEquals(new int[] {1, 0, 3, 2}, BFloat16.order(0, 4));
        assertArrayEquals(new int[] {1, 0, 2}, BFloat16.order(4, 3));
        assertArrayEquals(new int[] {0, 2, 1}, BFloat16.order(3, 3));
        assertArrayEquals(new int[] {0}, BFloat16.order(5, 1));
    }
}
