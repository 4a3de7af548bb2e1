package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;

/** Tests the description of a plan. */
class PlanStepTest {
    private static InferencePlan plan(String name, Kernels kernels, int batch, int height, int width) {
        try (var workers = new Workers(1)) {
            ResNet network = ResNet.undrawn(ResNets.named(name));
            return InferencePlan.compile(network, new PlanOptions(new Compute(kernels, workers), batch, height, width));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet50", "resnet20", "plain34", "plain56"})
    void stepsAreTheLayersThatMultiplyAndNothingIsCountedTwice(String name) {
        ResNet network = ResNet.undrawn(ResNets.named(name));
        Map<String, LayerSummary> multiplying = Description.of(Graph.of(network, Shape.of(2, 65, 97, 3))).stream()
                .filter(line -> line.multiplyAdds() > 0)
                .collect(Collectors.toMap(LayerSummary::name, Function.identity()));
        List<PlanStep> steps = plan(name, KernelLookup.scalar(), 2, 65, 97).steps();
        List<PlanStep> found =
                steps.stream().filter(step -> step.multiplyAdds() > 0).toList();
        assertEquals(multiplying.size(), found.size());
        for (PlanStep step : found) {
            LayerSummary line = multiplying.get(step.name());
            assertEquals(line.multiplyAdds(), step.multiplyAdds(), step.name());
            assertEquals(line.outputShape(), step.outputShape(), step.name());
            assertFalse(step.algorithm().isEmpty());
        }
        assertEquals("conv1", steps.getFirst().name());
        assertEquals("fc", steps.getLast().name());
    }

    @Test
    void stepsSayWhatWasFoldedIntoThem() {
        Map<String, String> kinds = plan("resnet50", KernelLookup.scalar(), 1, 64, 64).steps().stream()
                .collect(Collectors.toMap(PlanStep::name, PlanStep::kind));
        assertEquals("conv 7x7/2 + ReLU", kinds.get("conv1"));
        assertEquals("max pool 3x3/2", kinds.get("maxpool"));
        assertEquals("conv 3x3/2 + ReLU", kinds.get("layer2.0.conv2"));
        assertEquals("conv 1x1 + shortcut + ReLU", kinds.get("layer2.0.conv3"));
        assertEquals("conv 1x1/2", kinds.get("layer2.0.downsample.0"));
        assertEquals("global average pool", kinds.get("avgpool"));
        assertEquals("linear + bias", kinds.get("fc"));
        Map<String, String> plain = plan("plain20", KernelLookup.scalar(), 1, 32, 32).steps().stream()
                .collect(Collectors.toMap(PlanStep::name, PlanStep::kind));
        assertEquals("conv 3x3 + ReLU", plain.get("layer2.0.conv2"));
        Map<String, String> padded = plan("resnet20", KernelLookup.scalar(), 1, 32, 32).steps().stream()
                .collect(Collectors.toMap(PlanStep::name, PlanStep::kind));
        assertEquals("shortcut with padding/2", padded.get("layer2.0.downsample"));
        assertEquals("conv 3x3 + shortcut + ReLU", padded.get("layer2.0.conv2"));
    }

    @Test
    void weightsAreThoseOfTheNetworkWithOneBiasAChannel() {
        ResNet network = ResNet.undrawn(ResNets.named("resnet50"));
        // Gamma and beta become one bias, so one of two numbers per channel remains.
        long floats = network.parameters().stream()
                .mapToLong(parameter -> switch (parameter.role()) {
                    case NORM_SCALE -> 0;
                    case NORM_SHIFT, CONVOLUTION_WEIGHT, LINEAR_WEIGHT, BIAS ->
                        parameter.shape().size();
                })
                .sum();
        InferencePlan scalar = plan("resnet50", KernelLookup.scalar(), 1, 224, 224);
        assertEquals(Float.BYTES * floats, scalar.weightBytes());
        assertEquals(
                scalar.weightBytes(),
                scalar.steps().stream().mapToLong(PlanStep::weightBytes).sum());
        InferencePlan vector = plan("resnet20", KernelLookup.vector(), 1, 32, 32);
        assertTrue(vector.weightBytes() >= Float.BYTES * 269_722L * 9 / 10, "packed " + vector.weightBytes());
        vector.steps().stream()
                .filter(step -> step.multiplyAdds() > 0)
                .forEach(step -> assertTrue(step.weightBytes() > 0, step.name()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet50", "resnet110", "plain50"})
    void threeBuffersServeAWholeNetwork(String name) {
        int size = ResNets.named(name).imageSize();
        InferencePlan plan = plan(name, KernelLookup.scalar(), 1, size, size);
        long largest = plan.steps().stream()
                .mapToLong(step -> (long) Float.BYTES * step.outputShape().size())
                .max()
                .orElseThrow();
        assertTrue(plan.bufferBytes() >= largest, plan.bufferBytes() + " bytes");
        assertTrue(plan.bufferBytes() <= 3 * largest, plan.bufferBytes() + " bytes, largest " + largest);
    }

    /** Only values after the steps that run image by image are stored for the whole batch. */
    @Test
    void aBatchNeedsAtMostItsNumberTimesTheBuffersOfAnImage() {
        long one = plan("resnet18", KernelLookup.scalar(), 1, 224, 224).bufferBytes();
        long sixteen = plan("resnet18", KernelLookup.scalar(), 16, 224, 224).bufferBytes();
        assertTrue(sixteen > one && sixteen <= 16 * one, one + " and " + sixteen);
    }

    @Test
    void optionsAreForSingleImagesOfTheNetworksSizeUnlessChanged() {
        try (var workers = new Workers(1)) {
            PlanOptions options =
                    PlanOptions.of(ResNets.named("resnet18"), new Compute(KernelLookup.scalar(), workers));
            assertEquals(new PlanOptions(options.compute(), 1, 224, 224), options);
            assertEquals(new PlanOptions(options.compute(), 16, 224, 224), options.withBatch(16));
        }
    }
}
