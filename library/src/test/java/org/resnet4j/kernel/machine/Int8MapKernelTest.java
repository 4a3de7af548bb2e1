package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.parallel.Workers;

/** Pooling and rescaling of quantized images: the Vector API beside plain loops. */
class Int8MapKernelTest {
    private static final Int8MapKernel ORACLE = ScalarKernels.int8().maps();
    private static final List<Int8MapKernel> KERNELS =
            List.of(VectorKernels.int8().maps(), KernelLookup.int8().maps());

    private final SplittableRandom random = new SplittableRandom(5);

    /** A call of a kernel. */
    private interface Call {
        void run(Int8MapKernel kernel, byte[] y, Workers workers);
    }

    /** Checks that all kernels write the same bytes, and none that is not of a channel of the output. */
    private static byte[] same(PaddedPlaces places, byte @Nullable [] initial, Call call) {
        PaddedImages layout = places.y();
        byte[] start = initial == null ? new byte[layout.length()] : initial;
        if (initial == null) {
            Arrays.fill(start, (byte) 99);
        }
        byte[] expected = start.clone();
        try (var workers = new Workers(3)) {
            call.run(ORACLE, expected, workers);
            for (Int8MapKernel kernel : KERNELS) {
                byte[] actual = start.clone();
                call.run(kernel, actual, workers);
                assertArrayEquals(expected, actual, places.toString());
            }
        }
        byte[] outside = expected.clone();
        for (int image = 0; image < layout.batch(); image++) {
            for (int row = 0; row < layout.height(); row++) {
                for (int column = 0; column < layout.width(); column++) {
                    int at = layout.position(image, row, column);
                    System.arraycopy(start, at, outside, at, layout.channels());
                }
            }
        }
        assertArrayEquals(start, outside);
        return expected;
    }

    private PaddedPlaces places(int channels, int height, int width, Window window, boolean adds) {
        var shape = new ConvolutionShape(2, height, width, channels, channels, window, 1);
        var y = PaddedImages.ofBytes(2, shape.outHeight(), shape.outWidth(), channels, 1);
        return new PaddedPlaces(shape, PaddedImages.ofBytes(2, height, width, channels, 2), y, adds ? y : null);
    }

    private byte[] bytes(PaddedImages layout) {
        var bytes = new byte[layout.length()];
        random.nextBytes(bytes);
        return bytes;
    }

    private Int8Rescaling rescaling(int length, int lowest) {
        var factors = new float[length];
        var offsets = new float[length];
        for (int k = 0; k < length; k++) {
            // Halves are common, so that the direction in which they are rounded matters.
            factors[k] = random.nextBoolean() ? 0.5f : (float) random.nextDouble(-3, 3);
            offsets[k] = random.nextBoolean() ? 8 : (float) random.nextDouble(-300, 300);
        }
        return new Int8Rescaling(factors, offsets, 0.37f, lowest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 64, 70})
    void maxPooling(int channels) {
        for (Window window : List.of(new Window(3, 3, 2, 1), new Window(2, 2, 2, 0), new Window(3, 3, 1, 1))) {
            PaddedPlaces places = places(channels, 7, 6, window, false);
            byte[] x = bytes(places.x());
            byte[] y = same(places, null, (kernel, result, workers) -> kernel.maxPool(places, x, result, workers));
            int most = 0;
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 2; column++) {
                    most = Math.max(most, x[places.x().position(row, column)] & 255);
                }
            }
            if (window.stride() == 2) {
                assertEquals(most, y[places.y().position(0, 0)] & 255);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 64, 70, 200})
    void averagePooling(int channels) {
        for (int stride : new int[] {1, 2, 3}) {
            PaddedPlaces places = places(channels, 7, 6, new Window(1, 1, stride, 0), false);
            byte[] x = bytes(places.x());
            for (Int8Rescaling rescaling : List.of(
                    new Int8Rescaling(new float[] {1}, new float[] {0}, 0, 0),
                    new Int8Rescaling(new float[] {1.7f}, new float[] {-40.25f}, 0, 30))) {
                byte[] y = same(
                        places,
                        null,
                        (kernel, result, workers) -> kernel.averagePool(places, rescaling, x, result, workers));
                if (stride == 2) {
                    double sum = 0;
                    for (int row = 0; row < 2; row++) {
                        for (int column = 0; column < 2; column++) {
                            sum += x[places.x().position(row, column)] & 255;
                        }
                    }
                    double mean = sum / 4 * rescaling.factors()[0] + rescaling.offsets()[0];
                    assertEquals(
                            Math.clamp(mean, rescaling.lowest(), 255),
                            y[places.y().position(0, 0)] & 255,
                            0.501);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 64, 70, 200})
    void sums(int channels) {
        PaddedImages images = places(channels, 7, 6, Window.PIXEL, false).x();
        byte[] x = bytes(images);
        var expected = new int[images.batch() * channels];
        for (int image = 0; image < images.batch(); image++) {
            for (int pixel = 0; pixel < 42; pixel++) {
                for (int c = 0; c < channels; c++) {
                    expected[image * channels + c] += x[images.position(image, pixel / 6, pixel % 6) + c] & 255;
                }
            }
        }
        try (var workers = new Workers(2)) {
            for (Int8MapKernel kernel : List.of(ORACLE, KERNELS.getFirst(), KERNELS.getLast())) {
                var actual = new int[expected.length];
                Arrays.fill(actual, 7);
                kernel.sum(images, x, actual, workers);
                assertArrayEquals(expected, actual);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 15, 16, 17, 64, 70, 200})
    void rescaling(int channels) {
        for (boolean adds : new boolean[] {false, true}) {
            for (int images : new int[] {1, 2}) {
                PaddedPlaces places = places(channels, 3, 5, Window.PIXEL, adds);
                byte[] x = bytes(places.x());
                byte[] residual = bytes(places.y());
                Int8Rescaling rescaling = rescaling(images * channels, images * 20);
                // The sum overwrites the images that are added.
                byte[] y = same(
                        places,
                        residual,
                        (kernel, result, workers) ->
                                kernel.rescale(places, rescaling, x, adds ? result : null, result, workers));
                int last = (images - 1) * channels + channels - 1;
                int at = channels - 1;
                double number =
                        (x[places.x().position(1, 2, 4) + at] & 255) * rescaling.factors()[last]
                                + rescaling.offsets()[last]
                                + (adds ? 0.37 * (residual[places.y().position(1, 2, 4) + at] & 255) : 0);
                assertEquals(
                        Math.clamp(number, rescaling.lowest(), 255),
                        y[places.y().position(1, 2, 4) + at] & 255,
                        0.501);
            }
        }
    }

    @Test
    void argumentsAreChecked() {
        PaddedPlaces places = places(8, 4, 4, Window.PIXEL, false);
        byte[] x = bytes(places.x());
        byte[] y = bytes(places.y());
        Int8Rescaling right = rescaling(8, 0);
        try (var workers = new Workers(1)) {
            for (Int8MapKernel kernel : List.of(ORACLE, KERNELS.getFirst(), KERNELS.getLast())) {
                for (Int8Rescaling wrong : List.of(
                        rescaling(7, 0),
                        rescaling(9, 0),
                        rescaling(17, 0),
                        rescaling(8, 256),
                        new Int8Rescaling(right.factors(), new float[7], 0, 0),
                        new Int8Rescaling(right.factors(), right.offsets(), Float.NaN, 0),
                        new Int8Rescaling(right.factors(), right.offsets(), 1e9f, 0))) {
                    assertThrows(
                            IllegalArgumentException.class, () -> kernel.rescale(places, wrong, x, null, y, workers));
                }
                assertThrows(IllegalArgumentException.class, () -> kernel.rescale(places, right, x, y, y, workers));
                assertThrows(IllegalArgumentException.class, () -> kernel.averagePool(places, right, x, y, workers));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> kernel.averagePool(places, rescaling(1, 0), x, x, workers));
                assertThrows(IllegalArgumentException.class, () -> kernel.sum(places.x(), x, new int[15], workers));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> kernel.sum(places.x(), new byte[9], new int[16], workers));
            }
        }
    }
}
