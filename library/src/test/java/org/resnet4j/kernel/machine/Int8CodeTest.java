package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8Places;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Workers;

/** The machine code itself: the memory that it touches, the length of its calls, and many callers at once. */
class Int8CodeTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 10_000;

    @BeforeEach
    void needsMachineCode() {
        MachineKernels kernels = MachineKernels.find(ScalarKernels.int8());
        assumeTrue(kernels.int8().isPresent(), kernels.obstacle());
    }

    /** Runs all panels on memory between pages that must not be touched. */
    private static byte[] guarded(Int8Example example, boolean atEnd) throws RefusedMemoryException {
        Int8Places places = example.places();
        boolean adds = places.residual() != null;
        MachineInt8.Kind kind = adds ? MachineInt8.Kind.ADDED_BYTES : MachineInt8.Kind.BYTES;
        var panels = new Int8Panels(example.shape(), example.weights());
        ConvolutionShape s = example.shape();
        int pixels = s.batch() * s.outHeight() * s.outWidth();
        var table = new int[pixels * Int8Code.TABLE_INTS];
        MachineInt8.fill(table, places, kind, 0, pixels);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment y = guard(MemorySegment.ofArray(new byte[places.y().bytes()]), atEnd, arena);
            MemorySegment residual = guard(MemorySegment.ofArray(example.residual()), atEnd, arena);
            for (Int8Panels.Panel panel : panels.panels()) {
                MemorySegment packed =
                        MemorySegment.ofArray(panels.weights()).asSlice(panel.weights(), panels.bytes(panel));
                MemorySegment constants = MemorySegment.ofArray(panels.constants())
                        .asSlice((long) panel.constants() * Float.BYTES, (long) Int8Code.CONSTANTS * Float.BYTES);
                var arrays = new Int8Call.Arrays(
                        guard(MemorySegment.ofArray(example.x()), atEnd, arena).asSlice(panel.firstInput()),
                        guard(packed, atEnd, arena),
                        y.asSlice(panel.firstOutput()),
                        residual.asSlice(panel.firstOutput()),
                        guard(MemorySegment.ofArray(table), atEnd, arena),
                        guard(constants, atEnd, arena));
                var results = new Int8Call.Results(pixels, panel.lastLanes());
                MemorySegment code = MachineCode.load(Int8Code.write(panel.vectors(), adds, false));
                Int8Call.run(code, arrays, panels.walk(panel, places.x()), results);
            }
            return y.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static MemorySegment guard(MemorySegment array, boolean atEnd, Arena arena) {
        return GuardedMemory.copy(array, atEnd, arena);
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
                var rescaling = new Int8Rescaling(new float[256], new float[256], 0, 0);
                var weights = new Int8Weights(new byte[shape.weightSize()], new Int8Epilogue(rescaling, null));
                var panels = new Int8Panels(shape, weights);
                int block = MachineInt8.block(panels, 56 * 56);
                long products = (long) block * panels.bytes(panels.panels().getFirst());
                int tile = TileCode.ROWS * panels.bytes(panels.panels().getFirst());
                assertEquals(0, block % TileCode.ROWS);
                assertTrue(products <= Math.max(tile, MachineInt8.CALL_PRODUCTS), shape + ": " + products);
            }
        }
    }

    @Test
    void theLongestCallIsMeasured() {
        var shape = new ConvolutionShape(1, 2, 3, 2048, 64, new Window(3, 3, 1, 1), 1);
        Int8Example example = Int8Example.of(shape, false, false);
        byte[] expected = example.bytes(ScalarKernels.int8(), 1);
        Int8Kernel kernel = MachineKernels.find(ScalarKernels.int8()).int8().orElseThrow();
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
        Int8Kernel kernel = MachineKernels.find(ScalarKernels.int8()).int8().orElseThrow();
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
