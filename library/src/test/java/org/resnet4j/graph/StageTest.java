package org.resnet4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;

class StageTest {
    private static Graph graph(ResNetSpec spec) {
        return Graph.of(ResNet.undrawn(spec), spec.imageSize());
    }

    @Test
    void stagesAreThoseOfTimm() {
        Graph graph = graph(ResNets.named("resnet50"));
        List<Stage> stages = Stage.of(graph);
        assertEquals(
                List.of("stem", "layer1", "layer2", "layer3", "layer4"),
                stages.stream().map(Stage::name).toList());
        assertEquals(
                List.of(2, 4, 8, 16, 32), stages.stream().map(Stage::stride).toList());
        assertEquals("bn1.relu", graph.node(stages.getFirst().output()).name());
        assertEquals("layer4.2.relu", graph.node(stages.getLast().output()).name());
    }

    @Test
    void stagesOfPreActivationEndBeforeTheNextNormalization() {
        Graph graph = graph(ResNets.named("resnetv2_50"));
        List<Stage> stages = Stage.of(graph);
        assertEquals(
                List.of("stem", "stages.0", "stages.1", "stages.2", "stages.3"),
                stages.stream().map(Stage::name).toList());
        assertEquals("stem.conv", graph.node(stages.getFirst().output()).name());
        assertEquals(
                "stages.3.blocks.2.sum", graph.node(stages.getLast().output()).name());
    }

    @Test
    void aStageWithoutBlocksEndsWithItsPooling() {
        Graph graph = graph(ResNets.named("resnet9"));
        List<Stage> stages = Stage.of(graph);
        assertEquals(
                List.of("bn1.relu", "layer1.0.sum", "transition2.pool", "layer3.0.sum"),
                stages.stream().map(stage -> graph.node(stage.output()).name()).toList());
        assertEquals(List.of(1, 2, 4, 8), stages.stream().map(Stage::stride).toList());
    }

    private static Stream<ResNetSpec> networks() {
        Stream<ResNetSpec> orders = Stream.of(ActivationOrder.values())
                .map(order -> ResNets.named("resnet20").withOrder(order));
        return Stream.concat(
                ResNets.names().stream()
                        .filter(name -> !name.contains("1202") && !name.contains("1001"))
                        .map(ResNets::named),
                orders);
    }

    @TestFactory
    Stream<DynamicTest> everyStageIsAValueThatNoPassTakesAway() {
        return networks()
                .map(spec ->
                        DynamicTest.dynamicTest(spec.name() + " " + spec.block().order(), () -> {
                            Graph graph = graph(spec);
                            Graph fused = Passes.fuseAll(graph);
                            List<Stage> stages = Stage.of(graph);
                            assertEquals(1 + spec.stages().count(), stages.size());
                            for (int i = 0; i < stages.size(); i++) {
                                Stage stage = stages.get(i);
                                int side = spec.imageSize() / stage.stride();
                                int channels = i == 0 ? spec.stem().width() : spec.outChannels(i - 1);
                                assertEquals(
                                        Shape.of(1, side, side, channels), graph.shape(stage.output()), stage.name());
                                assertEquals(
                                        graph.shape(stage.output()),
                                        fused.node(stage.output()).shape(),
                                        stage.name());
                            }
                        }));
    }
}
