package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.Closeness;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.PackedColumns;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Product;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.product.Windows;
import org.resnet4j.parallel.Scratch;

/** Products of pairs in machine code beside plain loops. */
class PairProductTest {
    /** Floats between two rows of results. */
    private static final int GAP = 3;

    private static final int[] COLUMNS = {1, 2, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100, 130};

    private final Random choice = new Random(3);
    private final RandomArrays random = new RandomArrays(4);
    private final Scratch scratch = new Scratch();
    private @Nullable PanelProduct machine;

    @BeforeEach
    void requireMachineCode() {
        machine = MachineKernels.pairProduct().kernel().orElse(null);
        assumeTrue(machine != null, "no machine code");
    }

    private static float[] pairs(float[] numbers) {
        var pairs = new float[BFloat16Pairs.floats(numbers.length)];
        for (int i = 0; i < numbers.length; i++) {
            BFloat16Pairs.set(pairs, i, numbers[i]);
        }
        return pairs;
    }

    /** A product of random numbers over rows at random places. */
    private final class Example {
        private final int columns;
        private final Panels panels;
        private final Windows a;
        private final float[] weights;
        private final float[] bias;
        private final int[] outs;
        private final float[] before;

        Example(int columns, int count, int taps, int tapLength) {
            this.columns = columns;
            panels = Panels.of(columns, new Tiling(ProductCalls.LANES, true, machine));
            int stride = tapLength + choice.nextInt(GAP);
            int length = (taps - 1) * stride + tapLength;
            float[] array = pairs(random.mixed(2 * (GAP + length + count * 2)));
            int[] starts = new int[count + Product.MOST_TILE_ROWS];
            outs = new int[count + Product.MOST_TILE_ROWS];
            int resultFloats = BFloat16Pairs.floats(columns) + GAP;
            for (int i = 0; i < count; i++) {
                starts[i] = choice.nextInt(array.length - length - GAP + 1);
                outs[i] = i * resultFloats;
            }
            Product.fillBeyond(starts, count);
            Product.fillBeyond(outs, count);
            a = new Windows(array, starts, count, GAP, taps, stride, tapLength);
            weights = pairs(random.mixed(2 * panels.packedSize(a.depth())));
            bias = random.mixed(panels.packedSize(1));
            before = pairs(random.mixed(2 * count * resultFloats));
        }

        float[] run(Epilogue epilogue) {
            float[] c = before.clone();
            var all = new PackedColumns(panels, 0, panels.count(), weights, 0);
            Product.multiply(a, all, new Results(c, outs, 0), epilogue, scratch);
            return c;
        }

        float[] expected(Epilogue epilogue) {
            float[] c = before.clone();
            for (int p = 0; p < panels.count(); p++) {
                Panels.Panel panel = panels.get(p);
                for (int row = 0; row < a.count(); row++) {
                    for (int column = 0; column < panel.columns(); column++) {
                        int at = 2 * outs[row] + panel.first() + column;
                        float sum = sum(row, panels.packedOffset(panel, a.depth()) + column, panel.width());
                        float[] addends = epilogue.bias();
                        sum += addends == null ? 0 : addends[panel.first() + column];
                        sum += epilogue.add() ? BFloat16Pairs.get(c, at) : 0;
                        BFloat16Pairs.set(c, at, addends == null ? sum : Math.max(epilogue.least(), sum));
                    }
                }
            }
            return c;
        }

        private float sum(int row, int weight, int width) {
            float sum = 0;
            int next = weight;
            for (int tap = 0; tap < a.taps(); tap++) {
                int from = a.rows()[row] + a.offset() + tap * a.tapStride();
                for (int i = 0; i < a.tapLength(); i++, next += width) {
                    for (int half = 1; half >= 0; half--) {
                        sum = BFloat16.multiplyAdd(
                                BFloat16.of(BFloat16Pairs.get(a.array(), 2 * (from + i) + half)),
                                BFloat16.of(BFloat16Pairs.get(weights, 2 * next + half)),
                                sum);
                    }
                }
            }
            return sum;
        }

        void check() {
            for (Epilogue epilogue : List.of(
                    Epilogue.NONE,
                    Epilogue.ADD,
                    new Epilogue(false, bias, 0, false),
                    new Epilogue(false, bias, 0, true),
                    new Epilogue(true, bias, 0, false),
                    new Epilogue(true, bias, 0, true))) {
                Closeness.assertSameBits(expected(epilogue), run(epilogue), this + ", " + epilogue);
            }
        }

        @Override
        public String toString() {
            return a.count() + " rows of " + a.taps() + "x" + a.tapLength() + " pairs, " + columns + " columns";
        }
    }

    @Test
    void everyShapeHasTheBitsOfPlainLoops() {
        for (int columns : COLUMNS) {
            for (int count = 1; count <= 26; count++) {
                new Example(columns, count, 1 + choice.nextInt(4), 1 + choice.nextInt(40)).check();
            }
        }
    }

    /** More products than a call computes, and a sum so deep that a product of floats is divided: rounded once. */
    @Test
    void longSumsAreRoundedOnce() {
        new Example(64, 500, 9, 32).check();
        new Example(100, 40, 1, 2500).check();
        new Example(17, 3000, 3, 24).check();
    }

    @Test
    void whatDoesNotLieInItsArrayIsRefused() {
        var example = new Example(17, 2, 1, 10);
        var columns = new PackedColumns(example.panels, 0, 1, example.weights, 0);
        // Nine floats hold seventeen results, the last one with the number beside it.
        int[] outs = {0, 9};
        Product.multiply(example.a, columns, new Results(new float[18], outs, 0), Epilogue.NONE, scratch);
        var tooShort = new Results(new float[17], outs, 0);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Product.multiply(example.a, columns, tooShort, Epilogue.NONE, scratch));
        var fewWeights = new PackedColumns(example.panels, 0, 1, new float[319], 0);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Product.multiply(
                        example.a, fewWeights, new Results(new float[18], outs, 0), Epilogue.NONE, scratch));
    }

    @Test
    void denormalFactorsCountAsZeroAndNotANumberStays() {
        var example = new Example(20, 7, 1, 5);
        float[] special = {Float.NaN, -0f, 0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-40f, 1, 2};
        for (int i = 0; i < 2 * example.a.array().length; i++) {
            BFloat16Pairs.set(example.a.array(), i, special[choice.nextInt(special.length)]);
        }
        for (int i = 0; i < example.a.array().length; i += 3) {
            // A denormal bfloat16 number, which no rounding writes.
            example.a.array()[i] = Float.intBitsToFloat(0x0001_0001);
        }
        for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.ADD)) {
            float[] expected = example.expected(epilogue);
            float[] actual = example.run(epilogue);
            for (int i = 0; i < 2 * expected.length; i++) {
                // NaN has many bit patterns, of which any is right.
                assertEquals(BFloat16Pairs.get(expected, i), BFloat16Pairs.get(actual, i), epilogue + " at " + i);
            }
        }
    }
}
