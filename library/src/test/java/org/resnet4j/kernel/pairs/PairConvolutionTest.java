package org.resnet4j.kernel.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.ConvolutionShapes;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.machine.MachineKernels;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.PackedColumns;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.product.Windows;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Compares the convolution of pairs with that of floats between two conversions. */
class PairConvolutionTest {
    private static final Workers WORKERS = new Workers(2);

    /** What two float32 sums may differ by, relative to the largest result. */
    private static final double SUM_ERROR = 1e-5;

    /** The floats beyond the end of the arrays. */
    private static final int SPARE = 5;

    private final RandomArrays random = new RandomArrays(2);
    private final ConvolutionKernel converted =
            ScalarKernels.create().bfloat16().convolution();
    private final LongAdder products = new LongAdder();
    private ConvolutionKernel pairs = converted;

    @BeforeEach
    void requireMachineCode() {
        PanelProduct machine = MachineKernels.pairProduct().kernel().orElse(null);
        assumeTrue(machine != null, "no machine code");
        var tiling = new Tiling(MachineKernels.LANES, true, new Counted(machine, products));
        pairs = new PairConvolution(
                tiling,
                MachineKernels.pairOuterProduct().kernel().orElseThrow(),
                ScalarKernels.conversion(),
                converted);
    }

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    /** A product in machine code whose calls are counted. */
    private record Counted(PanelProduct machine, LongAdder products) implements PanelProduct {
        @Override
        public void multiply(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch) {
            products.increment();
            machine.multiply(a, b, c, epilogue, scratch);
        }

        @Override
        public int resultsPerFloat() {
            return machine.resultsPerFloat();
        }
    }

    /** Returns shapes with twice the channels of others, so that each group has whole pairs. */
    private static List<ConvolutionShape> doubled(List<ConvolutionShape> shapes) {
        return shapes.stream()
                .map(s -> new ConvolutionShape(
                        s.batch(),
                        s.height(),
                        s.width(),
                        2 * s.inChannels(),
                        2 * s.outChannels(),
                        s.window(),
                        s.groups()))
                .toList();
    }

    private static List<ConvolutionShape> all() {
        var shapes = new ArrayList<>(doubled(ConvolutionShapes.small()));
        // The others are large to the plain loops; half the channels are as odd.
        for (ConvolutionShape s : ConvolutionShapes.large()) {
            if (PairConvolution.hasWholePairs(s)) {
                shapes.add(s);
            }
        }
        // Deeper than a block of the product of floats, in groups of one panel and a half.
        shapes.add(new ConvolutionShape(2, 3, 4, 2 * 2050, 2 * 98, new Window(3, 3, 2, 1), 2));
        return shapes;
    }

    private float[] map(int numbers) {
        float[] map = new float[BFloat16Pairs.floats(numbers) + SPARE];
        ScalarKernels.conversion().ofFloats(random.mixed(numbers), 0, map, 0, numbers);
        return map;
    }

    /** Compares numbers, which may differ in the last place, and checks that nothing behind them was written. */
    private static void assertClose(float[] expected, float[] actual, int numbers, String what) {
        double largest = 0;
        for (int i = 0; i < numbers; i++) {
            largest = Math.max(largest, Math.abs(BFloat16Pairs.get(expected, i)));
        }
        assertTrue(Double.isFinite(largest), what);
        for (int i = 0; i < numbers; i++) {
            float number = BFloat16Pairs.get(expected, i);
            double unit = Math.scalb(1.0, Math.getExponent(number) - 7);
            double distance = Math.abs(number - BFloat16Pairs.get(actual, i));
            if (!(distance <= unit + SUM_ERROR * largest)) {
                fail(what + ": " + BFloat16Pairs.get(actual, i) + " instead of " + number + " at " + i);
            }
        }
        for (int i = numbers / 2; i < actual.length; i++) {
            assertTrue(Float.isNaN(actual[i]), what + ": written behind the end");
        }
    }

    private static float[] garbage(int numbers) {
        return RandomArrays.garbage(BFloat16Pairs.floats(numbers) + SPARE);
    }

    @Test
    void forwardIsThatOfFloatsBetweenConversions() {
        for (ConvolutionShape s : all()) {
            float[] x = map(s.inputSize());
            float[] w = random.mixed(s.weightSize());
            float[] expected = garbage(s.outputSize());
            converted.forward(s, x, w, expected, WORKERS);
            float[] actual = garbage(s.outputSize());
            products.reset();
            pairs.forward(s, x, w, actual, WORKERS);
            assertClose(expected, actual, s.outputSize(), s.toString());
            assertTrue(products.sum() > 0, s + " was not computed in machine code");
        }
    }

    @Test
    void inputGradientIsThatOfFloatsBetweenConversions() {
        for (ConvolutionShape s : all()) {
            float[] dy = map(s.outputSize());
            float[] w = random.mixed(s.weightSize());
            for (Accumulation accumulation : Accumulation.values()) {
                float[] expected = garbage(s.inputSize());
                if (accumulation.adds()) {
                    System.arraycopy(map(s.inputSize()), 0, expected, 0, s.inputSize() / 2);
                }
                float[] before = expected.clone();
                float[] actual = expected.clone();
                converted.backwardData(s, dy, w, expected, accumulation, WORKERS);
                products.reset();
                pairs.backwardData(s, dy, w, actual, accumulation, WORKERS);
                assertClose(expected, actual, s.inputSize(), s + ", " + accumulation);
                if (accumulation.adds()) {
                    // No window may see the input at all.
                    boolean unseen = Arrays.equals(before, 0, s.inputSize() / 2, expected, 0, s.inputSize() / 2);
                    assertEquals(!unseen, products.sum() > 0, s + " was not computed in machine code");
                }
            }
        }
    }

    @Test
    void groupsWithHalfAPairAreConverted() {
        var s = new ConvolutionShape(2, 5, 6, 6, 10, new Window(3, 3, 1, 1), 2);
        float[] x = map(s.inputSize());
        float[] dy = map(s.outputSize());
        float[] w = random.mixed(s.weightSize());
        float[][] expected = passes(converted, s, x, w, dy, WORKERS);
        float[][] actual = passes(pairs, s, x, w, dy, WORKERS);
        for (int pass = 0; pass < expected.length; pass++) {
            assertSameBits(expected[pass], actual[pass], pass);
        }
        assertEquals(0, products.sum());
    }

    private static float[][] passes(
            ConvolutionKernel kernel, ConvolutionShape s, float[] x, float[] w, float[] dy, Workers workers) {
        float[] y = new float[s.outputSize() / 2];
        kernel.forward(s, x, w, y, workers);
        float[] dx = new float[s.inputSize() / 2];
        kernel.backwardData(s, dy, w, dx, Accumulation.OVERWRITE, workers);
        float[] dw = new float[s.weightSize()];
        kernel.backwardWeights(s, x, dy, dw, workers);
        return new float[][] {y, dx, dw};
    }

    @Test
    void resultsHaveTheSameBitsForEveryNumberOfThreads() {
        var shapes = new ArrayList<>(doubled(ConvolutionShapes.small().subList(0, 12)));
        ConvolutionShapes.large().stream()
                .filter(PairConvolution::hasWholePairs)
                .forEach(shapes::add);
        try (var one = new Workers(1);
                var three = new Workers(3);
                var five = new Workers(5)) {
            for (ConvolutionShape s : shapes) {
                float[] x = map(s.inputSize());
                float[] dy = map(s.outputSize());
                float[] w = random.mixed(s.weightSize());
                float[] dx = map(s.inputSize());
                float[] y = new float[s.outputSize() / 2];
                float[] sum = dx.clone();
                pairs.forward(s, x, w, y, one);
                pairs.backwardData(s, dy, w, sum, Accumulation.ADD, one);
                for (Workers workers : List.of(WORKERS, three, five)) {
                    String what = s + " with " + workers.threads() + " threads";
                    float[] again = new float[y.length];
                    pairs.forward(s, x, w, again, workers);
                    assertSameBits(y, again, what);
                    float[] sumAgain = dx.clone();
                    pairs.backwardData(s, dy, w, sumAgain, Accumulation.ADD, workers);
                    assertSameBits(sum, sumAgain, what);
                }
            }
        }
    }
}
