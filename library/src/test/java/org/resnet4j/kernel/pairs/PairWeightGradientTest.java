package org.resnet4j.kernel.pairs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.ConvolutionShapes;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.Tilings;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.machine.MachineKernels;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.product.PairOuterProduct;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** The weight gradient of pairs beside the kernel that converts to floats. */
class PairWeightGradientTest {
    private static final Workers WORKERS = new Workers(2);
    private static final double TOLERANCE = 1e-5;
    private static final int SPARE = 5;

    private final RandomArrays random = new RandomArrays(2);
    private final ConvolutionKernel converted = KernelLookup.scalar().bfloat16().convolution();
    private final AtomicLong products = new AtomicLong();
    private final Tiling tiling = new Tiling(MachineKernels.LANES, true, Tilings.MANY.product());
    private PairWeightGradient gradient;
    private ConvolutionKernel convolution;

    @BeforeEach
    void requireMachineCode() {
        PairOuterProduct machine = MachineKernels.pairOuterProduct().kernel().orElse(null);
        assumeTrue(machine != null, "no machine code");
        gradient = new PairWeightGradient(tiling, counting(machine));
        convolution = new PairConvolution(tiling, counting(machine), ScalarKernels.conversion(), converted);
    }

    /** Returns a product that counts what machine code multiplies. */
    private PairOuterProduct counting(PairOuterProduct machine) {
        return new PairOuterProduct() {
            @Override
            public void add(Inputs a, Gradients b, Sums sums, Scratch scratch) {
                machine.add(a, b, sums, scratch);
                products.addAndGet((long) a.count() * a.depth() * b.panel().columns());
            }

            @Override
            public void zip(Inputs pairs, float[] target, int at, int stride) {
                machine.zip(pairs, target, at, stride);
            }
        };
    }

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    /** Returns shapes with even numbers of channels in each group. */
    private static List<ConvolutionShape> shapes() {
        var shapes = new ArrayList<>(ConvolutionShapes.small());
        shapes.addAll(ConvolutionShapes.large());
        return shapes.stream().map(PairWeightGradientTest::even).distinct().toList();
    }

    private static ConvolutionShape even(ConvolutionShape s) {
        int groups = s.groups();
        return new ConvolutionShape(
                s.batch(),
                s.height(),
                s.width(),
                groups * Math.ceilDiv(s.inChannels() / groups, 2) * 2,
                groups * Math.ceilDiv(s.outChannels() / groups, 2) * 2,
                s.window(),
                groups);
    }

    /** Returns a feature map, and NaN behind it. */
    private static float[] pairs(float[] floats) {
        float[] pairs = RandomArrays.garbage(floats.length / 2 + SPARE);
        for (int i = 0; i < floats.length; i++) {
            BFloat16Pairs.set(pairs, i, floats[i]);
        }
        return pairs;
    }

    @Test
    void equalsTheConvertedKernelAndIsAddedByMachineCode() {
        for (ConvolutionShape shape : shapes()) {
            float[] x = pairs(random.mixed(shape.inputSize()));
            float[] dy = pairs(random.mixed(shape.outputSize()));
            float[] expected = random.mixed(shape.weightSize());
            float[] dw = RandomArrays.garbage(shape.weightSize() + SPARE);
            System.arraycopy(expected, 0, dw, 0, expected.length);
            converted.backwardWeights(shape, x, dy, expected, WORKERS);
            products.set(0);
            gradient.addTo(shape, x, dy, LateGradient.THERE, dw, WORKERS);
            assertClose(expected, dw, expected.length, TOLERANCE, shape);
            for (int i = expected.length; i < dw.length; i++) {
                assertTrue(Float.isNaN(dw[i]), "written beyond the end: " + shape);
            }
            // Two pixels are one product; a pixel without partner is one as well.
            assertTrue(2 * products.get() >= shape.multiplyAdds(), shape + ": " + products);
        }
    }

    @Test
    void isThatOfTheConvolutionUnlessAGroupHasHalfAPair() {
        for (int out : new int[] {6, 3}) {
            var shape = new ConvolutionShape(2, 9, 8, 8, 2 * out, new Window(3, 3, 1, 1), 2);
            float[] x = pairs(random.mixed(shape.inputSize()));
            float[] dy = pairs(random.mixed(shape.outputSize()));
            float[] expected = new float[shape.weightSize()];
            float[] dw = new float[shape.weightSize()];
            boolean whole = out % 2 == 0;
            if (whole) {
                gradient.addTo(shape, x, dy, LateGradient.THERE, expected, WORKERS);
            } else {
                converted.backwardWeights(shape, x, dy, expected, WORKERS);
            }
            products.set(0);
            convolution.backwardWeights(shape, x, dy, dw, WORKERS);
            assertEquals(whole, products.get() > 0, shape.toString());
            assertSameBits(expected, dw, shape);
        }
    }

    @Test
    void hasTheSameBitsForEveryNumberOfThreads() {
        var shapes = new ArrayList<>(ConvolutionShapes.large().stream()
                .map(PairWeightGradientTest::even)
                .toList());
        shapes.addAll(shapes().subList(0, 10));
        try (var one = new Workers(1);
                var two = new Workers(2);
                var three = new Workers(3);
                var five = new Workers(5)) {
            for (ConvolutionShape shape : shapes) {
                float[] x = pairs(random.mixed(shape.inputSize()));
                float[] dy = pairs(random.mixed(shape.outputSize()));
                float[] expected = new float[shape.weightSize()];
                gradient.addTo(shape, x, dy, LateGradient.THERE, expected, one);
                for (Workers workers : List.of(two, three, five)) {
                    float[] dw = new float[shape.weightSize()];
                    gradient.addTo(shape, x, dy, LateGradient.THERE, dw, workers);
                    assertSameBits(expected, dw, shape + " with " + workers.threads() + " threads");
                }
            }
        }
    }

    /** A deferred gradient: every pair is computed once, before it is read, and all are complete at the end. */
    @Test
    void gradientsComputedOnTheWayGiveTheSameBits() {
        var shapes = List.of(
                new ConvolutionShape(2, 15, 11, 6, 290, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(2, 9, 9, 24, 64, new Window(1, 1, 2, 0), 1),
                new ConvolutionShape(2, 11, 12, 12, 3 * 18, new Window(3, 3, 2, 1), 3),
                new ConvolutionShape(2, 23, 21, 16, 66, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(2, 5, 5, 600, 900, new Window(3, 3, 1, 1), 1));
        for (ConvolutionShape shape : shapes) {
            float[] x = pairs(random.uniform(shape.inputSize(), -1, 1));
            float[] dy = pairs(random.uniform(shape.outputSize(), -1, 1));
            float[] expected = new float[shape.weightSize()];
            gradient.addTo(shape, x, dy, LateGradient.THERE, expected, WORKERS);
            float[] computed = RandomArrays.garbage(shape.outputSize() / 2);
            var times = new AtomicIntegerArray(shape.outputSize() / 2);
            LateGradient late = (fromPixel, toPixel, fromChannel, toChannel) -> {
                assertEquals(0, fromChannel % 2 + toChannel % 2, "half a pair");
                for (int pixel = fromPixel; pixel < toPixel; pixel++) {
                    for (int channel = fromChannel; channel < toChannel; channel += 2) {
                        int i = (pixel * shape.outChannels() + channel) / 2;
                        computed[i] = dy[i];
                        times.incrementAndGet(i);
                    }
                }
            };
            float[] dw = new float[shape.weightSize()];
            gradient.addTo(shape, x, computed, late, dw, WORKERS);
            assertSameBits(expected, dw, shape);
            for (int i = 0; i < times.length(); i++) {
                assertEquals(1, times.get(i), "pair " + i + " of " + shape);
            }
        }
    }

    /** An odd last pixel is zipped with zeros, not with what lies beyond. */
    @Test
    void whatIsNotAFiniteNumberStaysInItsChannel() {
        var shape = new ConvolutionShape(1, 3, 3, 4, 6, new Window(1, 1, 1, 0), 1);
        float[] numbers = random.uniform(shape.inputSize(), 1, 2);
        float[] gradients = random.uniform(shape.outputSize(), 1, 2);
        // The last pixel: infinity in channel 1, a denormal number, which counts as zero, in channel 2.
        numbers[8 * 4 + 1] = Float.POSITIVE_INFINITY;
        for (int pixel = 0; pixel < 9; pixel++) {
            numbers[pixel * 4 + 2] = 0;
        }
        gradients[3 * 6 + 5] = Float.NaN;
        float[] x = pairs(numbers);
        x[(8 * 4 + 2) / 2] = Float.intBitsToFloat(Float.floatToRawIntBits(x[(8 * 4 + 2) / 2]) & 0xffff0000 | 0x7f);
        float[] dw = new float[shape.weightSize()];
        gradient.addTo(shape, x, pairs(gradients), LateGradient.THERE, dw, WORKERS);
        for (int in = 0; in < 4; in++) {
            for (int out = 0; out < 6; out++) {
                float sum = dw[in * 6 + out];
                String what = "from " + in + " to " + out + ": " + sum;
                if (out == 5) {
                    assertTrue(Float.isNaN(sum), what);
                } else if (in == 1) {
                    assertEquals(Float.POSITIVE_INFINITY, sum, what);
                } else if (in == 2) {
                    assertEquals(0f, sum, what);
                } else {
                    assertTrue(sum >= 9 && sum <= 36, what);
                }
            }
        }
    }
}
