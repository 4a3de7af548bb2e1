package org.resnet4j.inference.float32;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.inference.step.BufferAssignment;
import org.resnet4j.inference.step.Packing;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class PlanBuilderTest {
    private static Graph scheduled(ResNetSpec spec) {
        return Schedule.of(Passes.fuseAll(Graph.of(ResNet.undrawn(spec), spec.imageSize())));
    }

    @Test
    void aShortcutIsComputedBehindTheFirstConvolutionOfItsBlock() {
        Graph graph = scheduled(ResNets.named("resnet50d"));
        assertEquals(
                List.of("conv1", "downsample.0", "downsample.1", "conv2", "conv3"),
                graph.nodes(graph.blocks().get(3)).stream()
                        .map(node -> node.name().substring("layer2.0.".length()))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("org.resnet4j.graph.GraphTest#networks")
    void noBufferIsWrittenBeforeItsValueIsReadForTheLastTime(ResNetSpec spec) {
        Graph graph = scheduled(spec);
        BufferAssignment buffers = BufferAssignment.of(graph);
        Map<Integer, Integer> holds = new HashMap<>();
        holds.put(Step.IMAGES, Graph.IMAGES);
        int last = 0;
        for (Node node : graph.nodes()) {
            for (int input : node.inputs()) {
                assertEquals(input, holds.get(buffers.of(input)), node.toString());
            }
            int target = buffers.of(node.id());
            boolean inPlace = BufferAssignment.writesOverLastInput(node);
            assertEquals(inPlace, node.inputs().stream().anyMatch(input -> buffers.of(input) == target), node.name());
            holds.put(target, node.id());
            last = target;
        }
        assertEquals(Step.SCORES, last);
    }

    @Test
    void aValueThatIsReadBehindItsSumIsRefused() {
        Graph graph = scheduled(ResNets.named("resnet18"));
        var nodes = new ArrayList<>(graph.nodes());
        Node sum = nodes.stream()
                .filter(node -> node.name().equals("layer1.0.conv2"))
                .findFirst()
                .orElseThrow();
        Node late = new Node(1000, "late", sum.origin(), sum.operation(), sum.inputs(), sum.shape(), sum.epilogue());
        nodes.add(nodes.indexOf(sum) + 1, late);
        var changed = new Graph(graph.spec(), graph.images(), nodes, graph.blocks());
        var refused = assertThrows(IllegalArgumentException.class, () -> BufferAssignment.of(changed));
        assertEquals("layer1.0.conv2 adds a value that is read again later", refused.getMessage());
    }

    @Test
    void aBatchOfPhotographsBeginsImageByImage() {
        try (var workers = new Workers(2)) {
            var engine = new Float32Engine(new Compute(KernelLookup.vector(), workers), Packing.FASTEST_CALLS);
            ResNet network = ResNet.undrawn(StreamNetworks.smallPhotographs());
            List<Step> steps = PlanBuilder.build(Graph.of(network, Shape.of(4, 37, 29, 3)), engine)
                    .steps();
            int front = Front.length(steps);
            assertTrue(front > 0 && front < steps.size() - 2, front + " steps of " + steps.size());
        }
    }

    @Test
    void featuresAndScoresAreTheLastTwoSteps() {
        try (var workers = new Workers(1)) {
            var engine = new Float32Engine(new Compute(KernelLookup.scalar(), workers), Packing.FASTEST_CALLS);
            ResNet network = ResNet.create(ResNets.named("resnet20"), 3);
            var compiled = engine.compile(Graph.of(network, 32));
            List<String> names =
                    compiled.steps().stream().map(step -> step.name()).toList();
            assertEquals(List.of("avgpool", "fc"), names.subList(names.size() - 2, names.size()));
            var features = new float[64];
            var scores = new float[10];
            compiled.run(Tensor.zeros(1, 32, 32, 3), features, scores);
            var alone = new float[64];
            compiled.run(Tensor.zeros(1, 32, 32, 3), alone, null);
            assertTrue(Arrays.equals(features, alone));
        }
    }

    @Test
    void resultsThatTheHeapCannotHoldAreRefusedBeforeTheyAreMade() {
        try (var workers = new Workers(1)) {
            ResNet network = ResNet.undrawn(ResNets.named("resnet20"));
            var engine = new Float32Engine(new Compute(KernelLookup.scalar(), workers), Packing.FASTEST_CALLS);
            List<Step> steps = PlanBuilder.build(Graph.of(network, Shape.of(1, 32, 32, 3)), engine)
                    .steps();
            var pool = new BufferPool(steps, 0, steps.size());
            var exception = assertThrows(HeapTooSmallException.class, () -> pool.borrow(1, 20_000, 20_000));
            assertTrue(exception.getMessage().contains("images of 20000x20000 pixels"), exception.getMessage());
        }
    }
}
