package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.Tilings;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.PairOuterProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.Product;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.product.VectorOuterProduct;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;

/** Outer products in machine code: of floats beside their twin on the Vector API, of pairs beside plain loops. */
class MachineOuterProductTest {
    private static final int GAP = 3;
    private static final int LANES = TileCode.LANES;
    private static final int[] COLUMNS = {1, 2, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 100, 130};
    private static final Tiling TILING = new Tiling(LANES, true, Tilings.MANY.product());
    private static final float[] SPECIAL = {
        Float.NaN, -0f, 0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -1e-40f, 1e30f, 1, -3
    };

    private final Random choice = new Random(3);
    private final RandomArrays random = new RandomArrays(4);
    private final Scratch scratch = new Scratch();

    private static OuterProduct floats() {
        OuterProduct machine = MachineKernels.outerProduct().kernel().orElse(null);
        assumeTrue(machine != null && VectorTiles.LANES == LANES, "no machine code");
        return machine;
    }

    private static PairOuterProduct pairs() {
        PairOuterProduct machine = MachineKernels.pairOuterProduct().kernel().orElse(null);
        assumeTrue(machine != null, "no machine code");
        return machine;
    }

    /** An outer product of pixels at random places. */
    private final class Example {
        private final Panels panels;
        private final int depth;
        private final int count;
        private final float[] a;
        private final int[] rows;
        private final float[] b;
        private final float[] before;
        private final int stride;

        Example(int columns, int depth, int count) {
            this.panels = Panels.of(columns, TILING);
            this.depth = depth;
            this.count = count;
            this.a = random.mixed(2 * GAP + depth + count + Product.MOST_TILE_ROWS);
            this.rows = IntStream.range(0, 1 + count)
                    .map(i -> choice.nextInt(count))
                    .toArray();
            this.stride = panels.packedSize(1) + GAP;
            this.b = random.mixed(GAP + count * stride);
            this.before = random.mixed(GAP + (depth + Product.MOST_TILE_ROWS) * stride);
        }

        OuterProduct.Inputs inputs() {
            return new OuterProduct.Inputs(a, rows, 1, count, GAP, depth);
        }

        OuterProduct.Gradients gradients(Panel panel) {
            return new OuterProduct.Gradients(panel, b, GAP + panel.first(), stride);
        }

        /** Returns the sums of the existing rows and columns. */
        float[] run(OuterProduct product, boolean padded) {
            float[] sums = before.clone();
            for (int p = 0; p < panels.count(); p++) {
                Panel panel = panels.get(p);
                product.add(
                        inputs(),
                        gradients(panel),
                        new OuterProduct.Sums(sums, GAP + panel.first(), stride, padded),
                        scratch);
            }
            return existing(sums);
        }

        float[] existing(float[] sums) {
            int columns = panels.endColumn(panels.count() - 1);
            var existing = new float[depth * columns];
            for (int k = 0; k < depth; k++) {
                System.arraycopy(sums, GAP + k * stride, existing, k * columns, columns);
            }
            return existing;
        }

        /** Returns the sums of pairs, by plain loops. */
        float[] plain() {
            float[] sums = before.clone();
            int columns = panels.endColumn(panels.count() - 1);
            for (int k = 0; k < depth; k++) {
                for (int n = 0; n < columns; n++) {
                    int at = GAP + k * stride + n;
                    for (int i = 0; i < count; i++) {
                        int x = Float.floatToRawIntBits(a[rows[1 + i] + GAP + k]);
                        int y = Float.floatToRawIntBits(b[GAP + i * stride + n]);
                        sums[at] = BFloat16.multiplyAdd((short) (x >> Short.SIZE), (short) (y >> Short.SIZE), sums[at]);
                        sums[at] = BFloat16.multiplyAdd((short) x, (short) y, sums[at]);
                    }
                }
            }
            return existing(sums);
        }

        /** Fills the factors with pairs of numbers. */
        Example ofPairs(boolean special) {
            for (float[] array : new float[][] {a, b}) {
                for (int i = 0; i < 2 * array.length; i++) {
                    float number = special ? SPECIAL[choice.nextInt(SPECIAL.length)] : choice.nextFloat() - 0.3f;
                    BFloat16Pairs.set(array, i, number);
                }
            }
            return this;
        }

        @Override
        public String toString() {
            return count + " pixels of " + depth + ", " + panels.endColumn(panels.count() - 1) + " columns";
        }
    }

    @Test
    void floatsHaveTheBitsOfTheVectorApi() {
        OuterProduct machine = floats();
        var twin = new VectorOuterProduct();
        for (int columns : COLUMNS) {
            for (int depth = 1; depth <= 40; depth++) {
                var example = new Example(columns, depth, 1 + choice.nextInt(30));
                assertSameBits(example.run(twin, false), example.run(machine, false), example);
                if (columns % LANES == 0) {
                    assertSameBits(example.run(twin, true), example.run(machine, true), "padded, " + example);
                }
            }
        }
    }

    /** More products than a call computes. */
    @Test
    void longProductsHaveTheBitsOfTheirTwins() {
        for (int[] size : new int[][] {{64, 1500, 128}, {100, 900, 100}, {17, 3000, 150}}) {
            var example = new Example(size[0], size[1], size[2]);
            assertSameBits(example.run(new VectorOuterProduct(), false), example.run(floats(), false), example);
        }
        var example = new Example(70, 1000, 128).ofPairs(false);
        assertSameBits(example.plain(), example.run(pairs(), false), example);
    }

    @Test
    void pairsHaveTheBitsOfPlainLoops() {
        PairOuterProduct machine = pairs();
        for (int columns : COLUMNS) {
            for (int depth = 1; depth <= 26; depth++) {
                var example = new Example(columns, depth, 1 + choice.nextInt(20)).ofPairs(false);
                assertSameBits(example.plain(), example.run(machine, false), example);
            }
        }
    }

    @Test
    void notANumberInfinitiesAndDenormalNumbersAreTreatedAsInPlainLoops() {
        PairOuterProduct machine = pairs();
        for (int i = 0; i < 20; i++) {
            var example = new Example(20, 13, 3).ofPairs(true);
            // NaN has many bit patterns, of which any is right.
            assertEquals(Arrays.toString(example.plain()), Arrays.toString(example.run(machine, false)));
        }
    }

    @Test
    void pixelsAreZippedTwoAtATime() {
        PairOuterProduct machine = pairs();
        for (int floats = 1; floats <= 50; floats++) {
            for (int count = 1; count <= 7; count++) {
                assertZipped(machine, floats, count);
            }
        }
        // More numbers than a call zips.
        assertZipped(machine, 200, 2001);
    }

    private void assertZipped(PairOuterProduct machine, int floats, int count) {
        float[] array = random.mixed(GAP + count + floats);
        int[] rows =
                IntStream.range(0, 2 + count).map(i -> choice.nextInt(count)).toArray();
        int lines = Math.ceilDiv(count, 2);
        int width = Math.ceilDiv(2 * floats, LANES) * LANES;
        int stride = width + GAP;
        float[] expected = random.mixed(GAP + lines * stride);
        float[] actual = expected.clone();
        for (int line = 0; line < lines; line++) {
            Arrays.fill(expected, GAP + line * stride, GAP + line * stride + width, 0f);
            for (int i = 0; i < 2 * floats; i++) {
                int first = number(array, GAP + rows[1 + 2 * line], i);
                int second = 2 * line + 1 < count ? number(array, GAP + rows[2 + 2 * line], i) : 0;
                expected[GAP + line * stride + i] = Float.intBitsToFloat(first | second << Short.SIZE);
            }
        }
        machine.zip(new OuterProduct.Inputs(array, rows, 1, count, GAP, floats), actual, GAP, stride);
        assertSameBits(expected, actual, count + " pixels of " + floats + " floats");
    }

    /** Returns the bits of a number of a pixel. */
    private static int number(float[] pairs, int start, int number) {
        int bits = Float.floatToRawIntBits(pairs[start + number / 2]);
        return bits >>> number % 2 * Short.SIZE & 0xffff;
    }

    @Test
    void whatDoesNotLieInItsArrayIsRefused() {
        PairOuterProduct machine = pairs();
        Panel panel = Panels.of(16, TILING).get(0);
        var a = new OuterProduct.Inputs(new float[30], new int[] {0, 20}, 0, 2, 0, 10);
        var b = new OuterProduct.Gradients(panel, new float[32], 0, 16);
        var sums = new OuterProduct.Sums(new float[160], 0, 16, false);
        machine.add(a, b, sums, scratch);
        for (var wrong : new OuterProduct.Inputs[] {
            new OuterProduct.Inputs(new float[29], new int[] {0, 20}, 0, 2, 0, 10),
            new OuterProduct.Inputs(new float[30], new int[] {-1, 20}, 0, 2, 0, 10),
            new OuterProduct.Inputs(new float[30], new int[] {0, 20}, 1, 2, 0, 10),
            new OuterProduct.Inputs(new float[30], new int[] {0, 20}, 0, 2, 1, 10),
            new OuterProduct.Inputs(new float[30], new int[] {0, 20}, 0, 0, 0, 10),
            new OuterProduct.Inputs(new float[30], new int[] {0, 20}, 0, 2, 0, 0)
        }) {
            assertThrows(IndexOutOfBoundsException.class, () -> machine.add(wrong, b, sums, scratch));
        }
        for (var wrong : new OuterProduct.Gradients[] {
            new OuterProduct.Gradients(panel, new float[31], 0, 16),
            new OuterProduct.Gradients(panel, new float[32], 1, 16),
            new OuterProduct.Gradients(panel, new float[32], 0, 17),
            new OuterProduct.Gradients(panel, new float[32], 16, -16)
        }) {
            assertThrows(IndexOutOfBoundsException.class, () -> machine.add(a, wrong, sums, scratch));
        }
        for (var wrong : new OuterProduct.Sums[] {
            new OuterProduct.Sums(new float[159], 0, 16, false),
            new OuterProduct.Sums(new float[160], 1, 16, false),
            new OuterProduct.Sums(new float[160], -1, 16, false),
            new OuterProduct.Sums(new float[160], 0, 17, false)
        }) {
            assertThrows(IndexOutOfBoundsException.class, () -> machine.add(a, b, wrong, scratch));
        }
        float[] target = new float[64];
        machine.zip(a, target, 0, 32);
        assertThrows(IndexOutOfBoundsException.class, () -> machine.zip(a, new float[31], 0, 32));
        assertThrows(IndexOutOfBoundsException.class, () -> machine.zip(a, target, 33, 32));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> machine.zip(new OuterProduct.Inputs(target, new int[] {0}, 0, 1, 0, 10), target, 0, 32));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> machine.zip(new OuterProduct.Inputs(target, new int[] {0, 55}, 0, 2, 0, 10), target, 0, 32));
    }

    /** The code reads and writes nothing beyond what the arguments name, or this process dies. */
    @ParameterizedTest
    @EnumSource(ProductFormat.class)
    void memoryBetweenGuardPages(ProductFormat format) throws Exception {
        pairs();
        var code = new OuterCall(format);
        for (OuterCode.Kind kind : OuterCode.Kind.values()) {
            for (int vectors : new int[] {1, 2, 4}) {
                for (int lastColumns : new int[] {1, 7, 16}) {
                    for (int depth = 1; depth <= 25; depth += 1 + depth / 7) {
                        runGuarded(code, kind, vectors, lastColumns, depth);
                    }
                }
            }
        }
    }

    private void runGuarded(OuterCall code, OuterCode.Kind kind, int vectors, int lastColumns, int depth) {
        int pixels = 3;
        int width = vectors * LANES;
        int columns = width - LANES + lastColumns;
        for (boolean atEnd : new boolean[] {true, false}) {
            try (Arena arena = Arena.ofConfined()) {
                var arrays = new OuterCall.Arrays(
                        guarded(random.uniform(pixels - 1 + depth, -1, 1), atEnd, arena),
                        guarded(new int[] {1, 2, 0}, atEnd, arena),
                        guarded(random.uniform(pixels * width, -1, 1), atEnd, arena),
                        guarded(random.uniform(depth * columns, -1, 1), atEnd, arena));
                code.run(kind, vectors, lastColumns, arrays, new OuterCall.Extents(pixels, width, depth, columns));
            }
        }
    }

    @Test
    void zippedMemoryBetweenGuardPages() throws Exception {
        pairs();
        var code = new ZipCode();
        for (int floats = 1; floats <= 40; floats++) {
            int width = Math.ceilDiv(2 * floats, LANES) * LANES;
            for (boolean alone : new boolean[] {true, false}) {
                for (boolean atEnd : new boolean[] {true, false}) {
                    try (Arena arena = Arena.ofConfined()) {
                        // Without partner, the second start may be anything.
                        int[] starts = alone ? new int[] {0, 1 << 28} : new int[] {1, 2, 0, 1};
                        code.run(
                                guarded(random.uniform(floats + (alone ? 0 : 2), -1, 1), atEnd, arena),
                                guarded(starts, atEnd, arena),
                                guarded(new float[starts.length / 2 * width], atEnd, arena),
                                starts.length / 2,
                                2 * floats,
                                width,
                                alone);
                    }
                }
            }
        }
    }

    private static MemorySegment guarded(float[] array, boolean atEnd, Arena arena) {
        return GuardedMemory.copy(MemorySegment.ofArray(array), atEnd, arena);
    }

    private static MemorySegment guarded(int[] array, boolean atEnd, Arena arena) {
        return GuardedMemory.copy(MemorySegment.ofArray(array), atEnd, arena);
    }
}
