package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.PackedColumns;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Product;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.product.Windows;
import org.resnet4j.kernel.vector.product.VectorProduct;
import org.resnet4j.parallel.Scratch;

/** Products of floats in machine code beside their twin on the Vector API. */
class MachineProductTest {
    private static final int GAP = 3;
    private static final int[] COLUMNS = {1, 2, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100, 130};

    private final Random choice = new Random(3);
    private final RandomArrays random = new RandomArrays(4);
    private final Scratch scratch = new Scratch();
    private @Nullable PanelProduct machine;

    @BeforeEach
    void requireMachineCode() {
        machine = MachineKernels.product().kernel().orElse(null);
        assumeTrue(machine != null, "no machine code");
    }

    /** A product of random numbers over rows at random places. */
    private final class Example {
        private final int columns;
        private final Windows a;
        private final float[] weights;
        private final float[] bias;
        private final int[] outs;
        private final float[] before;

        Example(int columns, int count, int taps, int tapLength) {
            this.columns = columns;
            int stride = tapLength + choice.nextInt(GAP);
            int length = (taps - 1) * stride + tapLength;
            float[] array = random.mixed(GAP + length + count * 2);
            int[] starts = new int[count + Product.MOST_TILE_ROWS];
            outs = new int[count + Product.MOST_TILE_ROWS];
            for (int i = 0; i < count; i++) {
                starts[i] = choice.nextInt(array.length - length - GAP + 1);
                outs[i] = i * (columns + GAP);
            }
            Product.fillBeyond(starts, count);
            Product.fillBeyond(outs, count);
            a = new Windows(array, starts, count, GAP, taps, stride, tapLength);
            weights = random.mixed(taps * tapLength * (columns + 63) / 64 * 64 + 64 * taps * tapLength);
            bias = random.mixed((columns + 63) / 64 * 64);
            before = random.mixed(count * (columns + GAP));
        }

        float[] run(PanelProduct product, Epilogue epilogue) {
            Panels panels = Panels.of(columns, new Tiling(ProductCalls.LANES, true, product));
            float[] c = before.clone();
            Product.multiply(
                    a,
                    new PackedColumns(panels, 0, panels.count(), weights, 0),
                    new Results(c, outs, 0),
                    epilogue,
                    scratch);
            return c;
        }

        Epilogue[] epilogues() {
            return new Epilogue[] {
                Epilogue.NONE,
                Epilogue.ADD,
                new Epilogue(false, bias, 0, false),
                new Epilogue(false, bias, 0, true),
                new Epilogue(true, bias, 0, false),
                new Epilogue(true, bias, 0, true)
            };
        }

        @Override
        public String toString() {
            return a.count() + " rows of " + a.taps() + "x" + a.tapLength() + ", " + columns + " columns";
        }
    }

    private static void assertSameBits(float[] expected, float[] actual, Object what) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(
                    Float.floatToIntBits(expected[i]), Float.floatToIntBits(actual[i]), () -> "different for " + what);
        }
    }

    @Test
    void everyShapeHasTheBitsOfTheVectorApi() {
        var twin = new VectorProduct();
        for (int columns : COLUMNS) {
            for (int count = 1; count <= 26; count++) {
                var example = new Example(columns, count, 1 + choice.nextInt(4), 1 + choice.nextInt(40));
                for (Epilogue epilogue : example.epilogues()) {
                    assertSameBits(
                            example.run(twin, epilogue),
                            example.run(machine, epilogue),
                            example + ", " + epilogue.add() + epilogue.relu());
                }
            }
        }
    }

    /** More products than a call computes, and more weights than a block has. */
    @Test
    void longSumsAndManyRowsHaveTheBitsOfTheVectorApi() {
        var twin = new VectorProduct();
        for (int[] size : new int[][] {{64, 500, 9, 64}, {100, 40, 1, 2500}, {17, 3000, 3, 48}}) {
            var example = new Example(size[0], size[1], size[2], size[3]);
            for (Epilogue epilogue : example.epilogues()) {
                assertSameBits(example.run(twin, epilogue), example.run(machine, epilogue), example);
            }
        }
    }

    @Test
    void notANumberAndSignedZerosAreKeptAsOnTheVectorApi() {
        var example = new Example(20, 7, 1, 5);
        float[] special = {Float.NaN, -0f, 0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};
        for (int i = 0; i < example.a.array().length; i++) {
            example.a.array()[i] = special[choice.nextInt(special.length)];
        }
        Arrays.fill(example.bias, 0, 10, -0f);
        for (Epilogue epilogue : example.epilogues()) {
            float[] expected = example.run(new VectorProduct(), epilogue);
            float[] actual = example.run(machine, epilogue);
            // NaN has many bit patterns, of which any is right.
            assertEquals(Arrays.toString(expected), Arrays.toString(actual));
        }
    }

    @Test
    void whatDoesNotLieInItsArrayIsRefused() {
        Panels panels = Panels.of(16, new Tiling(ProductCalls.LANES, true, machine));
        float[] array = new float[100];
        float[] c = new float[32];
        int[] outs = {0, 16};
        assertRefused(new Windows(array, new int[] {0, 91}, 2, 0, 1, 0, 10), panels, array.length * 2, outs, c);
        assertRefused(new Windows(array, new int[] {-1, 0}, 2, 0, 1, 0, 10), panels, array.length * 2, outs, c);
        assertRefused(new Windows(array, new int[] {0, 80}, 2, 0, 2, 11, 10), panels, 400, outs, c);
        assertRefused(new Windows(array, new int[] {0, 5}, 2, 0, 2, -6, 10), panels, 400, outs, c);
        assertRefused(new Windows(array, new int[] {0, 5}, 2, 0, 0, 0, 10), panels, 400, outs, c);
        assertRefused(new Windows(array, new int[] {0, 90}, 2, 0, 1, 0, 10), panels, 159, outs, c);
        assertRefused(new Windows(array, new int[] {0, 90}, 2, 0, 1, 0, 10), panels, 160, new int[] {0, 17}, c);
        assertRefused(new Windows(array, new int[] {0, 90}, 2, 0, 1, 0, 10), panels, 160, new int[] {-1, 16}, c);
        assertRefused(new Windows(array, new int[] {0, 90}, 3, 0, 1, 0, 10), panels, 160, outs, c);
        var rows = new Windows(array, new int[] {0, 90}, 2, 0, 1, 0, 10);
        var columns = new PackedColumns(panels, 0, 1, new float[160], 0);
        var results = new Results(c, outs, 0);
        var shortBias = new Epilogue(false, new float[15], 0, true);
        assertThrows(
                IndexOutOfBoundsException.class, () -> Product.multiply(rows, columns, results, shortBias, scratch));
        Product.multiply(rows, columns, results, new Epilogue(false, new float[16], 0, true), scratch);
    }

    private void assertRefused(Windows a, Panels panels, int weights, int[] outs, float[] c) {
        var columns = new PackedColumns(panels, 0, 1, new float[weights], 0);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> Product.multiply(a, columns, new Results(c, outs, 0), Epilogue.NONE, scratch));
    }

    /** The code reads and writes nothing beyond what the arguments name, or this process dies. */
    @ParameterizedTest
    @EnumSource(ProductCalls.Kind.class)
    void memoryBetweenGuardPages(ProductCalls.Kind kind) throws Exception {
        for (ProductFormat format : formats()) {
            var code = new ProductCalls(format);
            for (int vectors : new int[] {1, 2, 4}) {
                for (int lastColumns : new int[] {1, 7, 16}) {
                    for (int count = 1; count <= 13; count++) {
                        runGuarded(code, format, kind, vectors, lastColumns, count);
                    }
                }
            }
        }
    }

    private static Set<ProductFormat> formats() {
        boolean hasPairs = MachineKernels.pairProduct().kernel().isPresent();
        return hasPairs ? EnumSet.allOf(ProductFormat.class) : EnumSet.of(ProductFormat.FLOATS);
    }

    private void runGuarded(
            ProductCalls code, ProductFormat format, ProductCalls.Kind kind, int vectors, int lastColumns, int count) {
        int runs = 2;
        int length = 3;
        int width = vectors * ProductCalls.LANES;
        int columns = width - ProductCalls.LANES + lastColumns;
        int rowFloats = Math.ceilDiv(columns, format.resultsPerFloat());
        int resultBytes = (count - 1) * rowFloats * Float.BYTES + columns * Float.BYTES / format.resultsPerFloat();
        int[] starts = IntStream.range(0, count).map(i -> i * 2).toArray();
        int[] results = IntStream.range(0, count).map(i -> i * rowFloats).toArray();
        for (boolean atEnd : new boolean[] {true, false}) {
            try (Arena arena = Arena.ofConfined()) {
                var arrays = new ProductCalls.Arrays(
                        guarded(random.uniform(2 * (count - 1) + runs * length, -1, 1), atEnd, arena),
                        guarded(random.uniform(runs * length * width, -1, 1), atEnd, arena),
                        GuardedMemory.copy(MemorySegment.ofArray(new byte[resultBytes]), atEnd, arena),
                        GuardedMemory.copy(MemorySegment.ofArray(starts), atEnd, arena),
                        GuardedMemory.copy(MemorySegment.ofArray(results), atEnd, arena),
                        guarded(random.uniform(width, -1, 1), atEnd, arena));
                code.run(kind, vectors, lastColumns, 0, arrays, new ProductCalls.Rows(count, runs, length, length));
            }
        }
    }

    private static MemorySegment guarded(float[] array, boolean atEnd, Arena arena) {
        return GuardedMemory.copy(MemorySegment.ofArray(array), atEnd, arena);
    }

    @Test
    void eightThreadsComputeTheSameBits() throws Exception {
        var example = new Example(64, 50, 3, 64);
        float[] expected = example.run(new VectorProduct(), example.epilogues()[3]);
        Panels panels = Panels.of(64, new Tiling(ProductCalls.LANES, true, machine));
        Callable<Boolean> calls = () -> {
            var own = new Scratch();
            for (int call = 0; call < 1250; call++) {
                float[] c = example.before.clone();
                Product.multiply(
                        example.a,
                        new PackedColumns(panels, 0, 1, example.weights, 0),
                        new Results(c, example.outs, 0),
                        example.epilogues()[3],
                        own);
                assertSameBits(expected, c, call);
            }
            return true;
        };
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var result : threads.invokeAll(java.util.Collections.nCopies(8, calls))) {
                result.get();
            }
        }
    }
}
