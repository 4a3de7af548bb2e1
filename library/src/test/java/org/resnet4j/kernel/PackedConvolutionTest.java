package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.plain.ScalarPrediction;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.kernel.vector.winograd.VectorPackedWinograd;
import org.resnet4j.kernel.vector.winograd.VectorTransform2;
import org.resnet4j.kernel.vector.winograd.VectorTransform4;
import org.resnet4j.kernel.vector.winograd.VectorTransformStrided;
import org.resnet4j.kernel.vector.winograd.WinogradTransform;
import org.resnet4j.parallel.Workers;

/** Compares packed convolutions with their scalar twin, with the tiles for 32 and for 16 vector registers. */
class PackedConvolutionTest {
    private static final Workers WORKERS = new Workers(2);
    private static final Workers ONE = new Workers(1);
    private static final double TOLERANCE = 1e-5;

    private final RandomArrays random = new RandomArrays(5);
    private final PredictionKernel scalar = new ScalarPrediction();

    @AfterAll
    static void close() {
        WORKERS.close();
        ONE.close();
    }

    private static PredictionKernel vector(Tiling tiling) {
        return Tilings.kernels(tiling).prediction();
    }

    private static List<ConvolutionShape> all() {
        var shapes = new ArrayList<>(ConvolutionShapes.small());
        shapes.addAll(ConvolutionShapes.large());
        shapes.addAll(ConvolutionShapes.filtered());
        shapes.addAll(ConvolutionShapes.filteredStrided());
        return shapes;
    }

    /** A way to pack the weights of a convolution. */
    private interface Packing {
        PackedConvolution pack(float[] w, float[] bias, Activation activation, Tiling tiling);
    }

    /** Compares each packed convolution of each tiling with one result of the scalar twin, which takes the most time. */
    private void assertEqualsScalar(ConvolutionShape shape, List<Packing> packings, boolean relu, boolean add) {
        float[] w = random.uniform(shape.weightSize(), -1, 1);
        float[] bias = random.uniform(shape.outChannels(), -3, 3);
        float[] x = random.mixed(shape.inputSize());
        float[] before = add ? random.uniform(shape.outputSize(), -9, 9) : RandomArrays.garbage(shape.outputSize());
        float[] expected = before.clone();
        Activation activation = Activation.relu(relu);
        scalar.pack(shape, w, bias, activation).run(shape, x, expected, Accumulation.adding(add), WORKERS);
        for (Named<Tiling> tiling : Tilings.ALL) {
            for (Packing packing : packings) {
                PackedConvolution packed = packing.pack(w, bias, activation, tiling.getPayload());
                float[] y = before.clone();
                packed.run(shape, x, y, Accumulation.adding(add), WORKERS);
                String what = tiling.getName() + ", " + packed.algorithm() + " " + shape + (add ? ", added" : "")
                        + (relu ? ", ReLU" : "");
                assertClose(expected, y, y.length, TOLERANCE, what);
            }
        }
    }

    @Test
    void everyShapeEqualsItsScalarTwin() {
        int turn = 0;
        for (ConvolutionShape shape : all()) {
            boolean relu = turn % 2 == 0;
            boolean add = turn / 2 % 2 == 0;
            turn++;
            Packing packing = (w, bias, activation, tiling) -> vector(tiling).pack(shape, w, bias, activation);
            assertEqualsScalar(shape, List.of(packing), relu, add);
        }
    }

    /** Regardless of the rule: every kind of tile on images of every size from one pixel. */
    @Test
    void everyKindOfWinogradTileEqualsItsScalarTwin() {
        var shapes = new ArrayList<>(ConvolutionShapes.filtered());
        int lanes = VectorTiles.LANES;
        for (int height = 1; height <= 10; height++) {
            for (int width = 1; width <= 10; width++) {
                shapes.add(new ConvolutionShape(
                        1 + width % 3, height, width, lanes, 2 * lanes, new Window(3, 3, 1, 1), 1));
            }
        }
        assertWinogradEqualsScalar(List.of(new VectorTransform2(), new VectorTransform4()), shapes);
        assertWinogradEqualsScalar(List.of(new VectorTransformStrided()), ConvolutionShapes.filteredStrided());
    }

    private void assertWinogradEqualsScalar(List<WinogradTransform> transforms, List<ConvolutionShape> shapes) {
        int turn = 0;
        for (ConvolutionShape shape : shapes) {
            boolean relu = turn % 2 == 0;
            boolean add = turn / 2 % 2 == 0;
            turn++;
            List<Packing> packings = transforms.stream()
                    .<Packing>map(transform -> (w, bias, activation, tiling) -> new VectorPackedWinograd(
                            transform, shape.inChannels(), shape.outChannels(), w, bias, activation, tiling))
                    .toList();
            assertEqualsScalar(shape, packings, relu, add);
        }
    }

    /** The rule selects the sides that a ResNet halves, except the last, where tiles of 2x2 do not fit 7x7. */
    @Test
    void strideTwoIsFilteredWhereThatTakesFewerProducts() {
        assertEquals("winograd 2x2", algorithmOfStrideTwo(56, 128));
        assertEquals("winograd 2x2", algorithmOfStrideTwo(28, 256));
        assertEquals("direct", algorithmOfStrideTwo(14, 512));
        assertEquals("direct", algorithmOfStrideTwo(32, VectorTiles.LANES));
    }

    private static String algorithmOfStrideTwo(int side, int channels) {
        var shape = new ConvolutionShape(1, side, side, channels, channels, new Window(3, 3, 2, 1), 1);
        float[] w = new float[shape.weightSize()];
        return vector(Tilings.MANY)
                .pack(shape, w, new float[channels], Activation.RELU)
                .algorithm();
    }

    /** With the usual points, the error of 4x4 tiles is 2.6e-6 of the deviation; with ours, it is 1.1e-6. */
    @Test
    void largeWinogradTilesLoseLittleMoreThanTheDefinition() {
        var shape = new ConvolutionShape(4, 16, 16, 256, 64, new Window(3, 3, 1, 1), 1);
        float[] x = random.normal(shape.inputSize(), 0, 1);
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.max(0, x[i]);
        }
        float[] w = random.normal(shape.weightSize(), 0, 0.03);
        float[] bias = new float[64];
        var packed = new VectorPackedWinograd(new VectorTransform4(), 256, 64, w, bias, Activation.NONE, Tilings.MANY);
        float[] y = new float[shape.outputSize()];
        packed.run(shape, x, y, Accumulation.OVERWRITE, WORKERS);
        double[] exact = DoubleReference.convolution(shape, DoubleReference.widen(x), DoubleReference.widen(w));
        double squares = 0;
        double errors = 0;
        for (int i = 0; i < exact.length; i++) {
            squares += exact[i] * exact[i];
            errors += (y[i] - exact[i]) * (y[i] - exact[i]);
        }
        double error = Math.sqrt(errors / squares);
        assertTrue(error < 1.8e-6, () -> "root mean square error " + error);
    }

    @Test
    void resultsHaveTheSameBitsForEveryNumberOfThreadsAndEveryPlaceInABatch() {
        var shapes = new ArrayList<>(ConvolutionShapes.large());
        shapes.addAll(ConvolutionShapes.filtered());
        shapes.addAll(ConvolutionShapes.filteredStrided());
        try (var three = new Workers(3);
                var eleven = new Workers(11)) {
            for (ConvolutionShape shape : shapes) {
                float[] x = random.mixed(shape.inputSize());
                float[] w = random.uniform(shape.weightSize(), -1, 1);
                float[] bias = random.uniform(shape.outChannels(), -3, 3);
                PackedConvolution packed = KernelLookup.vector().prediction().pack(shape, w, bias, Activation.RELU);
                float[] expected = new float[shape.outputSize()];
                packed.run(shape, x, expected, Accumulation.OVERWRITE, ONE);
                float[] y = new float[shape.outputSize()];
                packed.run(shape, x, y, Accumulation.OVERWRITE, three);
                assertSameBits(expected, y, shape + " with 3 threads");
                Arrays.fill(y, Float.NaN);
                packed.run(shape, x, y, Accumulation.OVERWRITE, eleven);
                assertSameBits(expected, y, shape + " with 11 threads");

                ConvolutionShape single = shape.withImages(1, shape.height(), shape.width());
                int last = shape.batch() - 1;
                float[] image = Arrays.copyOfRange(x, last * single.inputSize(), (last + 1) * single.inputSize());
                float[] alone = new float[single.outputSize()];
                packed.run(single, image, alone, Accumulation.OVERWRITE, WORKERS);
                float[] inBatch =
                        Arrays.copyOfRange(expected, last * single.outputSize(), (last + 1) * single.outputSize());
                assertSameBits(inBatch, alone, "the last image of " + shape);
            }
        }
    }

    /** Remaining rows are computed by small tiles or in a spare tile; 4x4 tiles leave one, two and three of them. */
    @Test
    void smallTilesGiveTheSameBits() {
        for (int pixels = 1; pixels <= 13; pixels++) {
            for (int channels : List.of(4 * VectorTiles.LANES, 7 * VectorTiles.LANES, 7 * VectorTiles.LANES + 1)) {
                var shape = new ConvolutionShape(1, 1, pixels, 37, channels, new Window(1, 1, 1, 0), 1);
                float[] x = random.mixed(shape.inputSize());
                float[] w = random.mixed(shape.weightSize());
                float[] bias = random.mixed(channels);
                float[] before = random.uniform(shape.outputSize(), -1, 1);
                for (Named<Tiling> tiling : Tilings.ALL) {
                    PredictionKernel kernel = vector(tiling.getPayload());
                    float[] expected = before.clone();
                    float[] y = before.clone();
                    kernel.packDirect(shape, w, bias, Activation.RELU).run(shape, x, expected, Accumulation.ADD, ONE);
                    kernel.pack(shape, w, bias, Activation.RELU).run(shape, x, y, Accumulation.ADD, ONE);
                    assertSameBits(expected, y, tiling.getName() + ", " + shape);
                }
                Packing direct = (weights, biases, activation, tiling) ->
                        vector(tiling).packDirect(shape, weights, biases, activation);
                assertEqualsScalar(shape, List.of(direct), true, false);
            }
        }
    }

    @Test
    void notANumberIsNotHiddenByReLU() {
        for (int channels : List.of(3, VectorTiles.LANES)) {
            var shape = new ConvolutionShape(1, 5, 5, channels, channels, new Window(3, 3, 1, 1), 1);
            float[] x = random.mixed(shape.inputSize());
            x[0] = Float.NaN;
            float[] w = random.mixed(shape.weightSize());
            float[] y = new float[shape.outputSize()];
            PackedConvolution packed =
                    KernelLookup.vector().prediction().pack(shape, w, new float[channels], Activation.RELU);
            packed.run(shape, x, y, Accumulation.OVERWRITE, ONE);
            assertTrue(Float.isNaN(y[0]), packed.algorithm());
        }
    }

    @Test
    void arraysMayBeLongerThanNeededAndTheirEndsAreLeftAlone() {
        for (ConvolutionShape shape : ConvolutionShapes.filtered()) {
            float[] x = Arrays.copyOf(random.mixed(shape.inputSize()), shape.inputSize() + 5);
            Arrays.fill(x, shape.inputSize(), x.length, Float.NaN);
            float[] w = random.uniform(shape.weightSize(), -1, 1);
            float[] y = RandomArrays.garbage(shape.outputSize() + 5);
            PackedConvolution packed =
                    KernelLookup.vector().prediction().pack(shape, w, new float[shape.outChannels()], Activation.RELU);
            packed.run(shape, x, y, Accumulation.OVERWRITE, WORKERS);
            for (int i = 0; i < y.length; i++) {
                assertEquals(i >= shape.outputSize(), Float.isNaN(y[i]), "element " + i + " of " + shape);
            }
        }
    }

    @Test
    void weightsAndBiasAreNotKept() {
        for (int channels : List.of(3, VectorTiles.LANES)) {
            var shape = new ConvolutionShape(1, 6, 6, channels, channels, new Window(3, 3, 1, 1), 1);
            float[] x = random.mixed(shape.inputSize());
            float[] w = random.mixed(shape.weightSize());
            float[] bias = random.mixed(channels);
            for (Kernels kernels : List.of(KernelLookup.scalar(), KernelLookup.vector())) {
                PackedConvolution packed = kernels.prediction().pack(shape, w, bias, Activation.NONE);
                float[] before = new float[shape.outputSize()];
                packed.run(shape, x, before, Accumulation.OVERWRITE, ONE);
                float[] after = new float[shape.outputSize()];
                float[] keptW = w.clone();
                float[] keptBias = bias.clone();
                Arrays.fill(w, 7);
                Arrays.fill(bias, 7);
                packed.run(shape, x, after, Accumulation.OVERWRITE, ONE);
                System.arraycopy(keptW, 0, w, 0, w.length);
                System.arraycopy(keptBias, 0, bias, 0, bias.length);
                assertSameBits(before, after, kernels.name() + ", " + channels + " channels");
            }
        }
    }
}
