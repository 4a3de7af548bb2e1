package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Workers;

/** Convolution in bfloat16: machine code and Vector API beside plain loops, and these beside floats. */
class BFloat16KernelTest {
    private static final BFloat16Kernel ORACLE = ScalarKernels.bfloat16();

    /** Returns the kernels that this machine runs, besides the oracle. */
    private static List<BFloat16Kernel> kernels() {
        var kernels = new ArrayList<>(List.of(VectorKernels.bfloat16()));
        MachineKernels.bfloat16(ORACLE).kernel().ifPresent(kernels::add);
        return kernels;
    }

    @ParameterizedTest
    @MethodSource("org.resnet4j.kernel.machine.Int8Example#shapes")
    void everyKernelComputesTheSameBits(ConvolutionShape shape) {
        for (boolean option : new boolean[] {false, true}) {
            BFloat16Example plain = BFloat16Example.of(shape, false, option);
            BFloat16Example added = BFloat16Example.of(shape, true, !option);
            short[] results = plain.bfloats(ORACLE, 1);
            short[] sums = added.bfloats(ORACLE, 1);
            float[] floats = plain.floats(ORACLE);
            for (BFloat16Kernel kernel : kernels()) {
                assertArrayEquals(results, plain.bfloats(kernel, 1), kernel.name());
                assertArrayEquals(results, plain.bfloats(kernel, 3), kernel.name());
                assertArrayEquals(sums, added.bfloats(kernel, 2), kernel.name());
                assertArrayEquals(floats, plain.floats(kernel), kernel.name());
            }
        }
    }

    /** Without groups, whose zeros between them would turn a negative zero into a positive one. */
    @Test
    void denormalNumbersCountAsZeroInEveryKernel() {
        for (int channels : new int[] {1, 2, 7, 16, 33}) {
            var shape = new ConvolutionShape(1, 6, 7, channels, 50, new Window(3, 3, 1, 1), 1);
            BFloat16Example extreme = BFloat16Example.of(shape, false, false).extreme();
            float[] floats = extreme.floats(ORACLE);
            for (BFloat16Kernel kernel : kernels()) {
                assertArrayEquals(floats, extreme.floats(kernel), kernel.name());
                assertArrayEquals(extreme.bfloats(ORACLE, 1), extreme.bfloats(kernel, 1), kernel.name());
            }
        }
    }

    /** The oracle beside sums in double precision. */
    @Test
    void sumsAreThoseOfTheProducts() {
        var shape = new ConvolutionShape(1, 5, 4, 6, 4, new Window(3, 3, 2, 1), 2);
        BFloat16Example example = BFloat16Example.of(shape, false, false);
        float[] y = example.floats(ORACLE);
        PaddedImages images = example.places().x();
        for (int row = 0; row < shape.outHeight(); row++) {
            for (int column = 0; column < shape.outWidth(); column++) {
                for (int k = 0; k < 4; k++) {
                    double sum = example.weights().bias()[k];
                    for (int tap = 0; tap < 9; tap++) {
                        int from = images.position(0, 2 * row - 1 + tap / 3, 2 * column - 1 + tap % 3) + k / 2 * 3;
                        for (int c = 0; c < 3; c++) {
                            sum += (double) BFloat16.toFloat(example.x()[from + c])
                                    * BFloat16.toFloat(example.weights().w()[(tap * 3 + c) * 4 + k]);
                        }
                    }
                    double expected = example.weights().activation().isRelu() ? Math.max(0, sum) : sum;
                    assertEquals(expected, y[(row * shape.outWidth() + column) * 4 + k], 1e-5);
                }
            }
        }
    }

    @Test
    void nanAndInfinityReachTheResult() {
        var shape = new ConvolutionShape(1, 1, 3, 2, 20, new Window(1, 1, 1, 0), 1);
        BFloat16Example example = BFloat16Example.of(shape, false, false);
        var weights =
                new BFloat16Weights(example.weights().w(), example.weights().bias(), Activation.RELU);
        example.x()[0] = BFloat16.of(Float.NaN);
        example.x()[2] = BFloat16.of(Float.POSITIVE_INFINITY);
        var kernels = new ArrayList<>(kernels());
        kernels.add(ORACLE);
        for (BFloat16Kernel kernel : kernels) {
            var y = new short[example.places().y().length()];
            try (var workers = new Workers(1)) {
                kernel.pack(shape, weights).run(example.places(), example.x(), null, y, workers);
            }
            for (int k = 0; k < 20; k++) {
                assertTrue(Float.isNaN(BFloat16.toFloat(y[k])), kernel.name());
                float ofInfinity = BFloat16.toFloat(y[20 + k]);
                assertTrue(ofInfinity == 0 || ofInfinity == Float.POSITIVE_INFINITY, kernel.name());
                assertTrue(Float.isFinite(BFloat16.toFloat(y[40 + k])), kernel.name());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.resnet4j.kernel.machine.Int8Example#shapes")
    void noByteOutsideTheArraysIsTouched(ConvolutionShape shape) throws RefusedMemoryException {
        MachineKernels.Found<BFloat16Kernel> found = MachineKernels.bfloat16(ORACLE);
        assumeTrue(found.kernel().isPresent(), found.obstacle());
        var kernel = new MachineBFloat16(ORACLE);
        for (boolean adds : new boolean[] {false, true}) {
            BFloat16Example example = BFloat16Example.of(shape, adds, false);
            var images = new PixelConvolution.Images(
                    MemorySegment.ofArray(example.x()),
                    MemorySegment.ofArray(example.residual()),
                    MemorySegment.ofArray(new short[example.places().y().length()]));
            short[] expected = example.bfloats(ORACLE, 1);
            for (boolean atEnd : new boolean[] {false, true}) {
                byte[] bytes =
                        GuardedPixels.run(kernel.pixels(shape, example.weights()), example.places(), images, atEnd);
                var y = new short[expected.length];
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.nativeOrder())
                        .asShortBuffer()
                        .get(y);
                assertArrayEquals(expected, y);
            }
        }
    }

    @Test
    void maxPoolingIgnoresPadding() {
        var random = new Random(7);
        for (int channels : new int[] {1, 5, 16, 35, 64}) {
            var shape = new ConvolutionShape(2, 7, 6, channels, channels, new Window(3, 3, 2, 1), 1);
            var input = PaddedImages.ofBFloats(2, 7, 6, channels, 2);
            var output = PaddedImages.ofBFloats(2, shape.outHeight(), shape.outWidth(), channels, 1);
            var places = new PaddedPlaces(shape, input, output, null);
            var x = new short[input.length()];
            for (int i = 0; i < x.length; i++) {
                x[i] = BFloat16.of(random.nextFloat(-9, -1));
            }
            var kernels = new ArrayList<>(kernels());
            kernels.add(ORACLE);
            for (BFloat16Kernel kernel : kernels) {
                var y = new short[output.length()];
                try (var workers = new Workers(2)) {
                    kernel.maxPool(places, x, y, workers);
                }
                for (int image = 0; image < 2; image++) {
                    for (int row = 0; row < shape.outHeight(); row++) {
                        for (int column = 0; column < shape.outWidth(); column++) {
                            for (int c = 0; c < channels; c++) {
                                float most = Float.NEGATIVE_INFINITY;
                                for (int r = Math.max(0, 2 * row - 1); r < Math.min(7, 2 * row + 2); r++) {
                                    for (int k = Math.max(0, 2 * column - 1); k < Math.min(6, 2 * column + 2); k++) {
                                        most = Math.max(most, BFloat16.toFloat(x[input.position(image, r, k) + c]));
                                    }
                                }
                                assertEquals(most, BFloat16.toFloat(y[output.position(image, row, column) + c]));
                            }
                        }
                    }
                }
                assertEquals(0, y[output.position(0, -1, 0)]);
            }
        }
    }

    @Test
    void everyKernelRoundsTheSame() {
        var numbers = new float[70_003];
        for (int i = 0; i < numbers.length; i++) {
            // Every upper half, with lower halves around one half.
            numbers[i] = Float.intBitsToFloat(i << 16 | 0x7ffe + i % 4);
        }
        var expected = new short[numbers.length + 1];
        ORACLE.round(numbers, 1, expected, 2, numbers.length - 1);
        for (BFloat16Kernel kernel : kernels()) {
            var actual = new short[expected.length];
            kernel.round(numbers, 1, actual, 2, numbers.length - 1);
            assertArrayEquals(expected, actual, kernel.name());
        }
    }

    @Test
    void maxPoolingKeepsNan() {
        var shape = new ConvolutionShape(1, 3, 3, 64, 64, new Window(3, 3, 2, 1), 1);
        var input = PaddedImages.ofBFloats(1, 3, 3, 64, 1);
        var output = PaddedImages.ofBFloats(1, 2, 2, 64, 0);
        var x = new short[input.length()];
        Arrays.fill(x, BFloat16.of(Float.POSITIVE_INFINITY));
        x[input.position(0, 1, 1)] = (short) 0xffc0;
        x[input.position(0, 1, 1) + 1] = 0x7fc1;
        var kernels = new ArrayList<>(kernels());
        kernels.add(ORACLE);
        for (BFloat16Kernel kernel : kernels) {
            var y = new short[output.length()];
            try (var workers = new Workers(1)) {
                kernel.maxPool(new PaddedPlaces(shape, input, output, null), x, y, workers);
            }
            assertEquals((short) 0xffc0, y[0], kernel.name());
            assertEquals(0x7fc1, y[1], kernel.name());
            assertEquals(0x7f80, y[2], kernel.name());
        }
    }

    @Test
    void argumentsAreChecked() {
        var shape = new ConvolutionShape(1, 4, 4, 3, 8, new Window(3, 3, 1, 1), 1);
        BFloat16Example example = BFloat16Example.of(shape, true, false);
        BFloat16Example other = BFloat16Example.of(shape, false, false);
        var kernels = new ArrayList<>(kernels());
        kernels.add(ORACLE);
        for (BFloat16Kernel kernel : kernels) {
            BFloat16Convolution packed = kernel.pack(shape, example.weights());
            PaddedPlaces places = example.places();
            short[] x = example.x();
            short[] y = new short[places.y().length()];
            try (var workers = new Workers(1)) {
                refused(() -> packed.run(places, new short[x.length - 1], example.residual(), y, workers));
                refused(() -> packed.run(places, x, example.residual(), new short[y.length - 1], workers));
                refused(() -> packed.run(places, x, new short[3], y, workers));
                refused(() -> packed.run(places, x, null, y, workers));
                refused(() -> packed.run(other.places(), x, example.residual(), y, workers));
                refused(() -> packed.run(places, x, new float[shape.outputSize()], workers));
                refused(() -> packed.run(other.places(), x, new float[shape.outputSize() - 1], workers));
            }
            short[] w = example.weights().w();
            float[] bias = example.weights().bias();
            refused(() -> kernel.pack(shape, new BFloat16Weights(new short[3], bias, Activation.NONE)));
            refused(() -> kernel.pack(shape, new BFloat16Weights(w, new float[7], Activation.NONE)));
        }
    }

    private static void refused(Executable call) {
        assertThrows(IllegalArgumentException.class, call);
    }
}
