package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.plain.ScalarPixels;
import org.resnet4j.kernel.vector.VectorKernels;

class PixelKernelTest {
    private static final int PADDING = PixelKernel.PADDING;

    private final PixelKernel vector = VectorKernels.pixels();
    private final PixelKernel scalar = new ScalarPixels(vector.blocks());
    private final Random random = new Random(21);

    @BeforeAll
    static void theKernelsDiffer() {
        assertNotEquals(
                ScalarKernels.pixels().getClass(),
                VectorKernels.pixels().getClass(),
                "the machine's vectors are too short, or the module is missing");
    }

    static IntStream widths() {
        return IntStream.rangeClosed(1, 100);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count + PADDING];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void assertSame(byte[] expected, byte[] actual, int count) {
        assertArrayEquals(Arrays.copyOf(expected, count), Arrays.copyOf(actual, count));
    }

    @ParameterizedTest
    @MethodSource("widths")
    void rowsAreMixedByTheSameFormula(int width) {
        byte[] plane = bytes(3 * width);
        for (int bias = 1; bias <= 2; bias++) {
            byte[] expected = bytes(width);
            byte[] actual = bytes(width);
            scalar.mixRows(plane, width, 2 * width, bias, expected, width);
            vector.mixRows(plane, width, 2 * width, bias, actual, width);
            assertSame(expected, actual, width);
        }
    }

    @ParameterizedTest
    @MethodSource("widths")
    void rowsAreWidenedByTheSameFormula(int width) {
        byte[] plane = bytes(3 * width);
        byte[] expected = bytes(2 * width);
        byte[] actual = bytes(2 * width);
        scalar.widen(plane, width, width, expected);
        vector.widen(plane, width, width, actual);
        assertSame(expected, actual, 2 * width);
        scalar.widenBoth(plane, 2 * width, width, width, expected);
        vector.widenBoth(plane, 2 * width, width, width, actual);
        assertSame(expected, actual, 2 * width);
    }

    @ParameterizedTest
    @MethodSource("widths")
    void colorsAreConvertedByTheSameFormula(int width) {
        byte[][] row = {bytes(width), bytes(width), bytes(width)};
        byte[][] expected = new byte[3][width + PADDING];
        byte[][] actual = new byte[3][width + PADDING];
        scalar.toRgb(row, expected, width);
        vector.toRgb(row, actual, width);
        for (int c = 0; c < 3; c++) {
            assertSame(expected[c], actual[c], width);
        }
    }

    @Test
    void allColorsAreConvertedAsByDoublePrecision() {
        byte[][] ycc = new byte[3][256 + PADDING];
        byte[][] row = new byte[3][256 + PADDING];
        for (int blue = 0; blue < 256; blue++) {
            for (int red = 0; red < 256; red++) {
                for (int luma = 0; luma < 256; luma++) {
                    ycc[0][luma] = (byte) luma;
                }
                Arrays.fill(ycc[1], (byte) blue);
                Arrays.fill(ycc[2], (byte) red);
                vector.toRgb(ycc, row, 256);
                for (int luma = 0; luma < 256; luma += 51) {
                    assertEquals(clip(luma + 1.402 * (red - 128)), row[0][luma] & 0xff, 1);
                    assertEquals(clip(luma - 0.344136 * (blue - 128) - 0.714136 * (red - 128)), row[1][luma] & 0xff, 1);
                    assertEquals(clip(luma + 1.772 * (blue - 128)), row[2][luma] & 0xff, 1);
                }
            }
        }
    }

    private static double clip(double value) {
        return Math.clamp(value, 0, 255);
    }

    @ParameterizedTest
    @MethodSource("widths")
    void sumsOfNeighborsAreTheSame(int targets) {
        int most = 1 + random.nextInt(40);
        int stride = Math.ceilDiv(most, FilterTaps.GROUP) * FilterTaps.GROUP;
        var taps = new FilterTaps(stride, new int[targets], new int[targets], new int[targets * stride]);
        for (int i = 0; i < targets; i++) {
            taps.first()[i] = 3 * i;
            taps.count()[i] = 1 + random.nextInt(most);
            for (int k = 0; k < taps.count()[i]; k++) {
                int whole = 1 << FilterTaps.FRACTION_BITS;
                taps.weights()[i * stride + k] = random.nextInt(-whole / 4, whole) / taps.count()[i];
            }
        }
        byte[] from = bytes(5 + taps.highest() + most);
        for (int step : new int[] {1, 3, -1}) {
            byte[] expected = new byte[3 * targets];
            byte[] actual = new byte[3 * targets];
            int at = step < 0 ? targets - 1 : 0;
            scalar.filter(from, 5, taps, expected, at, step);
            vector.filter(from, 5, taps, actual, at, step);
            assertArrayEquals(expected, actual);
        }
    }

    @ParameterizedTest
    @MethodSource("widths")
    void sumsOfRowsAreTheSame(int width) {
        int[] expectedSums = new int[width + PADDING];
        int[] actualSums = new int[width + PADDING];
        for (int row = 0; row < 4; row++) {
            byte[] samples = bytes(width + 1);
            int weight = random.nextInt(-(1 << FilterTaps.FRACTION_BITS - 3), 1 << FilterTaps.FRACTION_BITS - 1);
            scalar.addRow(samples, 1, weight, expectedSums, width);
            vector.addRow(samples, 1, weight, actualSums, width);
        }
        assertArrayEquals(Arrays.copyOf(expectedSums, width), Arrays.copyOf(actualSums, width));
        byte[] expected = bytes(width);
        byte[] actual = bytes(width);
        scalar.finish(expectedSums, expected, width);
        vector.finish(actualSums, actual, width);
        assertSame(expected, actual, width);
        assertTrue(Arrays.stream(actualSums, 0, width).allMatch(sum -> sum == 0));
    }

    static IntStream magnitudes() {
        // Small coefficients, usual ones, and the largest that are allowed.
        return IntStream.of(1, 40, 500, 4000, CosineTransform.LARGEST_SUM - 1);
    }

    @ParameterizedTest
    @MethodSource("magnitudes")
    void blocksAreTransformedByTheSameFormula(int magnitude) {
        int blocks = vector.blocks();
        int stride = 8 * blocks + 3;
        for (int trial = 0; trial < 200; trial++) {
            int[] expectedBlocks = new int[64 * blocks];
            for (int b = 0; b < blocks; b++) {
                int left = magnitude;
                while (left > 0) {
                    int value = 1 + random.nextInt(left);
                    int at = random.nextInt(64) * blocks + b;
                    if (expectedBlocks[at] == 0) {
                        expectedBlocks[at] = random.nextBoolean() ? value : -value;
                    }
                    left -= value;
                }
            }
            int[] actualBlocks = expectedBlocks.clone();
            byte[] expected = bytes(2 + 8 * stride);
            byte[] actual = expected.clone();
            int size = 8 >> trial % 3;
            scalar.inverseTransform(expectedBlocks, size, expected, 2, stride);
            vector.inverseTransform(actualBlocks, size, actual, 2, stride);
            assertArrayEquals(expected, actual);
            assertTrue(Arrays.stream(actualBlocks).allMatch(value -> value == 0));
        }
    }
}
