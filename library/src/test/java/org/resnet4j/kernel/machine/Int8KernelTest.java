package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.parallel.Workers;

/** Quantized convolution: machine code and Vector API beside plain loops. */
class Int8KernelTest {
    private static final Int8Kernel ORACLE = ScalarKernels.int8();

    /** Returns the kernels that this machine runs, besides the oracle. */
    private static List<Int8Kernel> kernels() {
        var kernels = new ArrayList<>(List.of(VectorKernels.int8()));
        MachineKernels.int8(ORACLE).kernel().ifPresent(kernels::add);
        return kernels;
    }

    @ParameterizedTest
    @MethodSource("org.resnet4j.kernel.machine.Int8Example#shapes")
    void everyKernelComputesTheSameBits(ConvolutionShape shape) {
        for (boolean option : new boolean[] {false, true}) {
            Int8Example plain = Int8Example.of(shape, false, option);
            Int8Example added = Int8Example.of(shape, true, !option);
            byte[] bytes = plain.bytes(ORACLE, 1);
            byte[] sums = added.bytes(ORACLE, 1);
            float[] floats = plain.floats(ORACLE);
            for (Int8Kernel kernel : kernels()) {
                assertArrayEquals(bytes, plain.bytes(kernel, 1), kernel.name());
                assertArrayEquals(bytes, plain.bytes(kernel, 3), kernel.name());
                assertArrayEquals(sums, added.bytes(kernel, 2), kernel.name());
                assertArrayEquals(floats, plain.floats(kernel), kernel.name());
            }
        }
    }

    /** The extreme sums: 4,608 products of 255 and 127, which exceed what a float holds exactly. */
    @Test
    void theLargestSumsAreExact() {
        var shape = new ConvolutionShape(1, 1, 7, 512, 17, new Window(3, 3, 1, 1), 1);
        var w = new byte[shape.weightSize()];
        Arrays.fill(w, (byte) 127);
        w[0] = 126;
        var factors = new float[17];
        Arrays.fill(factors, 1);
        var images = PaddedImages.ofBytes(1, 1, 7, 512, 1);
        var x = new byte[images.length()];
        Arrays.fill(x, (byte) 255);
        var places = new PaddedPlaces(shape, images, PaddedImages.ofBytes(1, 1, 7, 17, 0), null);
        Int8Weights weights = weights(w, new Int8Rescaling(factors, new float[17], 0, 0));
        for (Int8Kernel kernel : kernels()) {
            var y = new float[shape.outputSize()];
            try (var workers = new Workers(1)) {
                kernel.pack(shape, weights).run(places, x, y, workers);
            }
            assertEquals(4608 * 127 * 255 - 255, y[0], kernel.name());
            assertEquals(4608 * 127 * 255, y[1], kernel.name());
        }
    }

    @Test
    void argumentsAreChecked() {
        var shape = new ConvolutionShape(1, 4, 4, 3, 8, new Window(3, 3, 1, 1), 1);
        Int8Example example = Int8Example.of(shape, true, false);
        Int8Example other = Int8Example.of(shape, false, false);
        var kernels = new ArrayList<>(kernels());
        kernels.add(ORACLE);
        for (Int8Kernel kernel : kernels) {
            Int8Convolution packed = kernel.pack(shape, example.weights());
            Int8Convolution plain = kernel.pack(shape, other.weights());
            PaddedPlaces places = example.places();
            byte[] y = new byte[places.y().length()];
            try (var workers = new Workers(1)) {
                refused(() -> packed.run(places, new byte[example.x().length - 1], example.residual(), y, workers));
                refused(() -> packed.run(places, example.x(), example.residual(), new byte[y.length - 1], workers));
                refused(() -> packed.run(places, example.x(), new byte[3], y, workers));
                refused(() -> packed.run(places, example.x(), null, y, workers));
                refused(() -> packed.run(other.places(), example.x(), null, y, workers));
                refused(() -> packed.run(other.places(), example.x(), example.residual(), y, workers));
                refused(() -> plain.run(places, example.x(), example.residual(), y, workers));
                refused(() -> packed.run(places, example.x(), new float[shape.outputSize()], workers));
                refused(() -> packed.run(other.places(), example.x(), new float[shape.outputSize() - 1], workers));
            }
            byte[] w = example.weights().w();
            Int8Rescaling r = example.weights().epilogue().rescaling();
            float[] large = r.factors().clone();
            large[5] = 1e6f;
            refused(() -> kernel.pack(shape, weights(new byte[3], r)));
            refused(() -> kernel.pack(shape, weights(w, new Int8Rescaling(new float[7], r.offsets(), 0, 0))));
            refused(() -> kernel.pack(shape, weights(w, new Int8Rescaling(r.factors(), new float[9], 0, 0))));
            refused(() -> kernel.pack(shape, weights(w, new Int8Rescaling(r.factors(), r.offsets(), Float.NaN, 0))));
            refused(() -> kernel.pack(shape, weights(w, new Int8Rescaling(r.factors(), r.offsets(), 0, 256))));
            refused(() -> kernel.pack(shape, weights(w, new Int8Rescaling(large, r.offsets(), 0, 0))));
            for (Int8Rescaling sum : List.of(
                    r,
                    new Int8Rescaling(new float[] {1}, new float[] {Float.NaN}, 1, 0),
                    new Int8Rescaling(new float[] {1}, new float[] {0}, 1e9f, 0))) {
                refused(() -> kernel.pack(shape, new Int8Weights(w, new Int8Epilogue(r, sum))));
            }
        }
        refused(() -> new PaddedPlaces(
                shape, PaddedImages.ofBytes(1, 4, 4, 3, 0), example.places().y(), null));
        refused(() -> new PaddedPlaces(
                shape, PaddedImages.ofBytes(1, 4, 5, 3, 1), example.places().y(), null));
    }

    private static Int8Weights weights(byte[] w, Int8Rescaling rescaling) {
        return new Int8Weights(w, new Int8Epilogue(rescaling, null));
    }

    private static void refused(Executable call) {
        assertThrows(IllegalArgumentException.class, call);
    }
}
