package org.resnet4j.inference.bfloat16;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/** Prediction in bfloat16 beside float32, and beside what PyTorch loses in bfloat16. */
class BFloat16EngineTest {
    private static final int IMAGES = 3;

    /** Where roundings happen to cancel in one of them, the other is a little farther off. */
    private static final double AS_CLOSE = 1.25;

    static Stream<ResNetSpec> networks() {
        return SmallNetworks.all().stream();
    }

    private static Tensor images(ResNetSpec spec) {
        var random = new Random(7);
        Tensor images = Tensor.zeros(IMAGES, spec.imageSize(), spec.imageSize(), spec.inChannels());
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        return images;
    }

    private static InferencePlan plan(ResNet network, Format format, Compute compute) {
        return InferencePlan.compile(
                network, PlanOptions.of(network.spec(), compute).withFormat(format));
    }

    private static float[] logits(ResNet network, Format format, Tensor images) {
        try (Compute compute = Compute.best(2)) {
            return plan(network, format, compute).predict(images).array();
        }
    }

    private static float[] logits(ResNet network, BFloat16Kernel kernel, int threads) {
        try (Compute compute = Compute.best(threads)) {
            Graph graph = Graph.of(network, network.spec().imageSize());
            return InferencePlan.compile(graph, new BFloat16Engine(compute, kernel))
                    .predict(images(network.spec()))
                    .array();
        }
    }

    /** Returns the root mean square of the differences, relative to that of the expected numbers. */
    private static double distance(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        double squares = 0;
        double total = 0;
        for (int i = 0; i < expected.length; i++) {
            squares += Math.pow((double) actual[i] - expected[i], 2);
            total += Math.pow(expected[i], 2);
        }
        return Math.sqrt(squares / total);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/pytorch/bfloat16.csv", useHeadersInDisplayName = true)
    void theLogitsAreAsCloseToFloat32AsThoseOfPyTorch(String name, int batch, int height, int width, double distance) {
        ResNet network = StreamNetworks.create(ResNets.named(name));
        Tensor images = StreamNetworks.images(batch, height, width);
        float[] expected = logits(network, Format.FLOAT32, images);
        double ours = distance(expected, logits(network, Format.BFLOAT16, images));
        assertTrue(ours <= AS_CLOSE * distance, name + ": " + ours + ", PyTorch " + distance);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyNetworkComputesAboutTheSameAsInFloat32(ResNetSpec spec) {
        ResNet network = StreamNetworks.create(spec);
        Tensor images = images(spec);
        double distance = distance(logits(network, Format.FLOAT32, images), logits(network, Format.BFLOAT16, images));
        assertTrue(distance > 0 && distance < 0.02, spec.name() + ": " + distance);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyKernelAndNumberOfThreadsComputesTheSameBits(ResNetSpec spec) {
        ResNet network = StreamNetworks.create(spec);
        float[] expected = logits(network, ScalarKernels.bfloat16(), 1);
        assertArrayEquals(expected, logits(network, VectorKernels.bfloat16(), 2), spec.name());
        assertArrayEquals(expected, logits(network, KernelLookup.bfloat16(), 1), spec.name());
        assertArrayEquals(expected, logits(network, KernelLookup.bfloat16(), 3), spec.name());
    }

    @Test
    void imagesOfABatchDoNotDependOnEachOther() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        Tensor images = images(network.spec());
        try (Compute compute = Compute.best(2)) {
            InferencePlan plan = plan(network, Format.BFLOAT16, compute);
            float[] together = plan.predict(images).array().clone();
            int classes = together.length / IMAGES;
            int length = images.size() / IMAGES;
            for (int image = 0; image < IMAGES; image++) {
                float[] one = Arrays.copyOfRange(images.array(), image * length, (image + 1) * length);
                float[] logits =
                        plan.predict(Tensor.wrap(one, Shape.of(1, 32, 32, 3))).array();
                assertArrayEquals(Arrays.copyOfRange(together, image * classes, (image + 1) * classes), logits);
            }
            // Other sizes of images use the same memory.
            plan.predict(Tensor.zeros(2, 40, 24, 3));
            assertArrayEquals(together, plan.predict(images).array());
        }
    }

    @Test
    void anImageWithANumberThatIsNotFiniteHasNoResult() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        try (Compute compute = Compute.best(2)) {
            InferencePlan plan = plan(network, Format.BFLOAT16, compute);
            for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                Tensor images = Tensor.zeros(3, 32, 32, 3);
                images.array()[2 * 32 * 32 * 3 - 1] = number;
                var failure = assertThrows(NonFiniteScoresException.class, () -> plan.predict(images));
                assertEquals(1, failure.row());
            }
            plan.predict(images(network.spec()));
        }
    }

    @Test
    void weightsAndValuesTakeHalfTheMemory() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        try (Compute compute = Compute.best(1)) {
            InferencePlan halves = plan(network, Format.BFLOAT16, compute);
            InferencePlan floats = plan(network, Format.FLOAT32, compute);
            assertEquals(
                    floats.steps().stream().mapToLong(PlanStep::multiplyAdds).sum(),
                    halves.steps().stream().mapToLong(PlanStep::multiplyAdds).sum());
            assertTrue(halves.bufferBytes() < 0.65 * floats.bufferBytes());
            assertTrue(halves.weightBytes() < 0.6 * 4 * 270_000);
            assertEquals(floats.stages(), halves.stages());
            for (PlanStep step : halves.steps()) {
                boolean padding = step.kind().startsWith("shortcut with padding");
                assertEquals(!padding, step.algorithm().equals("bfloat16"), step.toString());
            }
        }
    }

    @Test
    void featureMapsAreCloseToThoseInFloat32() {
        ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
        Tensor images = images(network.spec());
        try (Compute compute = Compute.best(2)) {
            List<Tensor> expected = plan(network, Format.FLOAT32, compute).featureMaps(images);
            List<Tensor> actual = plan(network, Format.BFLOAT16, compute).featureMaps(images);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).shape(), actual.get(i).shape());
                double distance = distance(
                        expected.get(i).array(),
                        Arrays.copyOf(actual.get(i).array(), expected.get(i).size()));
                assertTrue(distance < 0.01, i + ": " + distance);
            }
        }
    }

    @Test
    void aQuantizedNetworkIsNotComputedInBfloat16() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet8"));
        try (Compute compute = Compute.best(1)) {
            var calibration = new Calibration(Graph.of(network, 32), compute);
            calibration.add(images(network.spec()));
            PlanOptions options = PlanOptions.of(network.spec(), compute).withFormat(Format.BFLOAT16);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> InferencePlan.compile(
                            network, options, calibration.quantization(Calibration.Rule.MIN_MAX, Set.of())));
        }
    }
}
