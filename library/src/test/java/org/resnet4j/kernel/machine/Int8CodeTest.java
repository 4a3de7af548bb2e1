package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Workers;

/** The machine code itself: the memory that it touches, the length of its calls, and many callers at once. */
class Int8CodeTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 10_000;

    @BeforeEach
    void needsMachineCode() {
        MachineKernels.Found<Int8Kernel> found = MachineKernels.int8(ScalarKernels.int8());
        assumeTrue(found.kernel().isPresent(), found.obstacle());
    }

    private static byte[] guarded(Int8Example example, boolean atEnd) throws RefusedMemoryException {
        var kernel = new MachineInt8(ScalarKernels.int8());
        var images = new PixelConvolution.Images(
                MemorySegment.ofArray(example.x()),
                MemorySegment.ofArray(example.residual()),
                MemorySegment.ofArray(new byte[example.places().y().length()]));
        return GuardedPixels.run(kernel.pixels(example.shape(), example.weights()), example.places(), images, atEnd);
    }

    @ParameterizedTest
    @MethodSource("org.resnet4j.kernel.machine.Int8Example#shapes")
    void noByteOutsideTheArraysIsTouched(ConvolutionShape shape) throws RefusedMemoryException {
        for (boolean adds : new boolean[] {false, true}) {
            // Without a halo beyond the padding, the last pixels are the last bytes.
            Int8Example example = Int8Example.of(shape, adds, false);
            byte[] expected = example.bytes(ScalarKernels.int8(), 1);
            assertArrayEquals(expected, guarded(example, true));
            assertArrayEquals(expected, guarded(example, false));
        }
    }

    @Test
    void callsAreShort() {
        for (int channels : new int[] {3, 64, 128, 256, 512, 1024, 2048}) {
            for (Window window : List.of(new Window(1, 1, 1, 0), new Window(3, 3, 1, 1))) {
                var shape = new ConvolutionShape(1, 56, 56, channels, 256, window, 1);
                var panels = new PixelPanels(shape, PaddedImages.BYTES_AT_ONCE);
                int block = PixelConvolution.block(panels, 56 * 56);
                long products = (long) block * panels.length(panels.list().getFirst());
                int tile = TileCode.ROWS * panels.length(panels.list().getFirst());
                assertEquals(0, block % TileCode.ROWS);
                assertTrue(products <= Math.max(tile, PixelConvolution.CALL_PRODUCTS), shape + ": " + products);
            }
        }
    }

    @Test
    void theLongestCallIsMeasured() {
        var shape = new ConvolutionShape(1, 2, 3, 2048, 64, new Window(3, 3, 1, 1), 1);
        Int8Example example = Int8Example.of(shape, false, false);
        byte[] expected = example.bytes(ScalarKernels.int8(), 1);
        Int8Kernel kernel = MachineKernels.int8(ScalarKernels.int8()).kernel().orElseThrow();
        Int8Convolution packed = kernel.pack(shape, example.weights());
        var y = new byte[expected.length];
        long longest = 0;
        try (var workers = new Workers(1)) {
            for (int i = 0; i < 200; i++) {
                long start = System.nanoTime();
                packed.run(example.places(), example.x(), null, y, workers);
                longest = Math.max(longest, System.nanoTime() - start);
                assertArrayEquals(expected, y);
            }
        }
        System.out.printf("longest of 200 calls with sums of %d products: %.3f ms%n", 2048 * 9, longest / 1e6);
    }

    @Test
    void manyCallersGetTheSameBits() throws Exception {
        var shape = new ConvolutionShape(1, 5, 7, 24, 40, new Window(3, 3, 1, 1), 1);
        Int8Example example = Int8Example.of(shape, true, true);
        byte[] expected = example.bytes(ScalarKernels.int8(), 1);
        Int8Kernel kernel = MachineKernels.int8(ScalarKernels.int8()).kernel().orElseThrow();
        Int8Convolution packed = kernel.pack(shape, example.weights());
        var results = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            for (int caller = 0; caller < CALLERS; caller++) {
                results.add(threads.submit(() -> equalCalls(example, packed, expected)));
            }
            for (Future<Integer> result : results) {
                assertEquals(CALLS / CALLERS, result.get());
            }
        }
    }

    /** Returns the number of calls with the expected bits. Each allocates, so that the garbage collector runs. */
    private static int equalCalls(Int8Example example, Int8Convolution packed, byte[] expected) {
        int equal = 0;
        try (var workers = new Workers(1)) {
            for (int i = 0; i < CALLS / CALLERS; i++) {
                var y = new byte[expected.length];
                packed.run(
                        example.places(),
                        example.x().clone(),
                        example.residual().clone(),
                        y,
                        workers);
                assertArrayEquals(expected, y);
                equal++;
            }
        }
        return equal;
    }
}
