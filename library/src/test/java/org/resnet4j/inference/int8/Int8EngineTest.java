package org.resnet4j.inference.int8;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanMemory;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class Int8EngineTest {
    private static final int IMAGES = 4;

    /** A network with its quantization. */
    private record Quantized(ResNet network, Graph graph, Tensor images, Quantization quantization) {
        static Quantized of(ResNetSpec spec, Calibration.Rule rule, Set<String> kept) {
            ResNet network = StreamNetworks.create(spec);
            Graph graph = Graph.of(network, spec.imageSize());
            Tensor images = Int8EngineTest.images(spec);
            try (Compute compute = Compute.best(2)) {
                var calibration = new Calibration(graph, compute);
                calibration.add(images);
                return new Quantized(network, graph, images, calibration.quantization(rule, kept));
            }
        }

        float[] logits(Int8Kernel kernel, int threads) {
            try (Compute compute = Compute.best(threads)) {
                return plan(kernel, compute).predict(images).array();
            }
        }

        InferencePlan plan(Int8Kernel kernel, Compute compute) {
            return InferencePlan.compile(graph, new Int8Engine(compute, kernel, quantization));
        }

        float[] floats() {
            try (Compute compute = Compute.best(2)) {
                return InferencePlan.compile(network, PlanOptions.of(network.spec(), compute))
                        .predict(images)
                        .array();
            }
        }

        /** Returns the error of the logits, relative to their length. */
        double error() {
            float[] expected = floats();
            float[] actual = logits(KernelLookup.int8(), 2);
            double squares = 0;
            double total = 0;
            for (int i = 0; i < expected.length; i++) {
                squares += Math.pow(actual[i] - expected[i], 2);
                total += Math.pow(expected[i], 2);
            }
            return Math.sqrt(squares / total);
        }
    }

    private static Tensor images(ResNetSpec spec) {
        var random = new Random(7);
        Tensor images = Tensor.zeros(IMAGES, spec.imageSize(), spec.imageSize(), spec.inChannels());
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        return images;
    }

    static Stream<ResNetSpec> networks() {
        return SmallNetworks.all().stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theLogitsAreCloseToThoseInFloat32(ResNetSpec spec) {
        Quantized quantized = Quantized.of(spec, Calibration.Rule.MIN_MAX, Set.of());
        double error = quantized.error();
        assertTrue(error < 0.05, spec.name() + ": " + error);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyKernelAndNumberOfThreadsComputesTheSameBits(ResNetSpec spec) {
        Quantized quantized = Quantized.of(spec, Calibration.Rule.MEAN_SQUARED_ERROR, Set.of());
        float[] expected = quantized.logits(ScalarKernels.int8(), 1);
        assertArrayEquals(expected, quantized.logits(VectorKernels.int8(), 2), spec.name());
        assertArrayEquals(expected, quantized.logits(KernelLookup.int8(), 1), spec.name());
        assertArrayEquals(expected, quantized.logits(KernelLookup.int8(), 3), spec.name());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void onlySumsWithAGateForEachElementAreComputedInFloat32(ResNetSpec spec) {
        Quantized quantized = Quantized.of(spec, Calibration.Rule.MIN_MAX, Set.of());
        try (Compute compute = Compute.best(1)) {
            for (PlanStep step : quantized.plan(KernelLookup.int8(), compute).steps()) {
                boolean gates = step.kind().startsWith("gate of");
                assertEquals(!gates, step.algorithm().equals("int8"), step.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet20", "resnet18"})
    void theMemoryOfAPlanIsCountedWithoutWeights(String name) {
        Quantized quantized = Quantized.of(ResNets.named(name), Calibration.Rule.MIN_MAX, Set.of());
        try (Compute compute = Compute.best(1)) {
            PlanOptions options = PlanOptions.of(quantized.network.spec(), compute);
            InferencePlan plan = InferencePlan.compile(quantized.network, options, quantized.quantization);
            PlanMemory memory = PlanMemory.of(quantized.network, options, true);
            assertEquals(
                    1, (double) memory.weights() / plan.weightBytes(), 0.1, memory + ", but " + plan.weightBytes());
            assertEquals(
                    1, (double) memory.buffers() / plan.bufferBytes(), 0.5, memory + ", but " + plan.bufferBytes());
        }
    }

    @Test
    void aPlanForTheFirstCallComputesTheSameBits() {
        Quantized quantized = Quantized.of(ResNets.named("resnet20"), Calibration.Rule.MIN_MAX, Set.of());
        float[] expected = quantized.logits(KernelLookup.int8(), 2);
        try (Compute compute = Compute.best(2)) {
            PlanOptions options =
                    PlanOptions.of(quantized.network.spec(), compute).withGoal(PlanOptions.Goal.FIRST_CALL);
            InferencePlan plan = InferencePlan.compile(quantized.network, options, quantized.quantization);
            assertArrayEquals(expected, plan.predict(quantized.images).array());
        }
    }

    @Test
    void imagesOfABatchDoNotDependOnEachOther() {
        Quantized quantized = Quantized.of(ResNets.named("resnet20"), Calibration.Rule.MIN_MAX, Set.of());
        float[] together = quantized.logits(KernelLookup.int8(), 2);
        int classes = together.length / IMAGES;
        int length = quantized.images.size() / IMAGES;
        try (Compute compute = Compute.best(2)) {
            InferencePlan plan = quantized.plan(KernelLookup.int8(), compute);
            for (int image = 0; image < IMAGES; image++) {
                float[] one = Arrays.copyOfRange(quantized.images.array(), image * length, (image + 1) * length);
                float[] logits =
                        plan.predict(Tensor.wrap(one, Shape.of(1, 32, 32, 3))).array();
                assertArrayEquals(Arrays.copyOfRange(together, image * classes, (image + 1) * classes), logits);
            }
            // Other sizes of images use the same memory.
            plan.predict(Tensor.zeros(2, 40, 24, 3));
            assertArrayEquals(together, plan.predict(quantized.images).array());
        }
    }

    @Test
    void anImageWithANumberThatIsNotFiniteHasNoResult() {
        Quantized quantized = Quantized.of(ResNets.named("resnet20"), Calibration.Rule.MIN_MAX, Set.of());
        try (Compute compute = Compute.best(2)) {
            InferencePlan plan = quantized.plan(KernelLookup.int8(), compute);
            for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                Tensor images = Tensor.zeros(3, 32, 32, 3);
                images.array()[2 * 32 * 32 * 3 - 1] = number;
                var failure = assertThrows(NonFiniteScoresException.class, () -> plan.predict(images));
                assertEquals(1, failure.row());
            }
            plan.predict(quantized.images);
        }
    }

    @Test
    void bytesAreTheNearestHalfToEven() {
        var scale = new ByteScale(0.5f, 10);
        float[] numbers = {0, 0.24f, 0.25f, 0.26f, 0.75f, -0.25f, -0.75f, -5, -5.3f, -1e30f, 122.5f, 123, 1e30f};
        int[] bytes = {10, 10, 10, 11, 12, 10, 8, 0, 0, 0, 255, 255, 255};
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(bytes[i], scale.quantize(numbers[i]), numbers[i] + "");
        }
    }

    @Test
    void layersThatAreKeptStayInFloat32() {
        ResNetSpec spec = StreamNetworks.smallPhotographs();
        Set<String> all = Graph.of(StreamNetworks.create(spec), spec.imageSize()).nodes().stream()
                .map(Node::name)
                .collect(Collectors.toSet());
        Quantized none = Quantized.of(spec, Calibration.Rule.MIN_MAX, all);
        Quantized last = Quantized.of(spec, Calibration.Rule.MIN_MAX, Set.of("fc"));
        Quantized whole = Quantized.of(spec, Calibration.Rule.MIN_MAX, Set.of());
        assertEquals(0, int8Layers(none));
        assertEquals(int8Layers(whole) - 1, int8Layers(last));
        assertTrue(none.error() < whole.error(), none.error() + " " + whole.error());
    }

    /** Returns the number of layers with weights of 8 bits. */
    private static long int8Layers(Quantized quantized) {
        try (Compute compute = Compute.best(1)) {
            return quantized.plan(KernelLookup.int8(), compute).steps().stream()
                    .filter(step -> step.algorithm().equals("int8") && step.weightBytes() > 0)
                    .count();
        }
    }

    @Test
    void weightsTakeAQuarterOfTheMemory() {
        Quantized quantized = Quantized.of(ResNets.named("resnet20"), Calibration.Rule.MIN_MAX, Set.of());
        try (Compute compute = Compute.best(1)) {
            InferencePlan bytes = quantized.plan(KernelLookup.int8(), compute);
            long multiplyAdds =
                    bytes.steps().stream().mapToLong(PlanStep::multiplyAdds).sum();
            InferencePlan floats =
                    InferencePlan.compile(quantized.network, PlanOptions.of(quantized.network.spec(), compute));
            assertEquals(
                    floats.steps().stream().mapToLong(PlanStep::multiplyAdds).sum(), multiplyAdds);
            assertTrue(bytes.bufferBytes() < floats.bufferBytes() / 2);
            assertEquals(floats.stages(), bytes.stages());
        }
    }

    @Test
    void featureMapsAreCloseToThoseInFloat32() {
        Quantized quantized = Quantized.of(ResNets.named("resnet20"), Calibration.Rule.MIN_MAX, Set.of());
        try (Compute compute = Compute.best(2)) {
            List<Tensor> expected = InferencePlan.compile(
                            quantized.network, PlanOptions.of(quantized.network.spec(), compute))
                    .featureMaps(quantized.images);
            List<Tensor> actual = quantized.plan(KernelLookup.int8(), compute).featureMaps(quantized.images);
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(expected.get(i).shape(), actual.get(i).shape());
                double squares = 0;
                double total = 0;
                for (int k = 0; k < expected.get(i).size(); k++) {
                    double number = expected.get(i).array()[k];
                    squares += Math.pow(actual.get(i).array()[k] - number, 2);
                    total += number * number;
                }
                assertTrue(squares < 0.002 * total, i + ": " + squares / total);
            }
        }
    }

    @Test
    void aQuantizationOfAnotherNetworkIsRefused() {
        Quantized quantized = Quantized.of(ResNets.named("resnet20"), Calibration.Rule.MIN_MAX, Set.of());
        Quantization whole = quantized.quantization;
        Map<String, ByteScale> scales = new HashMap<>(whole.values());
        scales.remove("layer2.0.conv1");
        Map<String, QuantizedWeights> weights = new HashMap<>(whole.weights());
        QuantizedWeights first = whole.weights().get("conv1");
        weights.put("conv1", new QuantizedWeights(new byte[3], first.scales(), first.bias()));
        refused(quantized, new Quantization(whole.images(), scales, whole.weights()));
        refused(quantized, new Quantization(whole.images(), whole.values(), weights));
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new ByteScale(scale, 0));
        }
        assertThrows(IllegalArgumentException.class, () -> new ByteScale(1, 256));
    }

    private static void refused(Quantized quantized, Quantization other) {
        try (Compute compute = Compute.best(1)) {
            var engine = new Int8Engine(compute, KernelLookup.int8(), other);
            assertThrows(IllegalArgumentException.class, () -> engine.compile(quantized.graph));
        }
    }
}
