package org.resnet4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.layer.Parameter;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;

class GraphTest {
    static Stream<ResNetSpec> networks() {
        return Stream.concat(
                SmallNetworks.all().stream(), ResNets.names().stream().map(ResNets::named));
    }

    private static Graph graph(String name) {
        ResNetSpec spec = ResNets.named(name);
        return Graph.of(ResNet.undrawn(spec), spec.imageSize());
    }

    private static Node named(Graph graph, String name) {
        return graph.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyNodeReadsWhatIsComputedBeforeItAndTheLastOneGivesTheScores(ResNetSpec spec) {
        Graph graph = Graph.of(ResNet.undrawn(spec), spec.imageSize());
        var known = new HashSet<Integer>();
        known.add(Graph.IMAGES);
        var names = new HashSet<String>();
        for (Node node : graph.nodes()) {
            assertTrue(known.containsAll(node.inputs()), node.toString());
            assertTrue(known.add(node.id()), node.toString());
            assertTrue(names.add(node.name()), node.toString());
            assertEquals(Epilogue.NONE, node.epilogue());
        }
        assertEquals(Shape.of(1, spec.classes()), graph.nodes().getLast().shape());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void blocksAreThoseOfTheNetwork(ResNetSpec spec) {
        ResNet network = ResNet.undrawn(spec);
        Graph graph = Graph.of(network, spec.imageSize());
        assertEquals(
                network.blocks().stream().map(ResidualBlock::name).toList(),
                graph.blocks().stream().map(Block::name).toList());
        for (Block block : graph.blocks()) {
            ResidualBlock layer = network.blocks().get(graph.blocks().indexOf(block));
            assertEquals(layer.outputShape(graph.shape(block.input())), graph.shape(block.output()), block.name());
        }
    }

    @Test
    void theDescriptionTellsShapesParametersAndWork() {
        List<LayerSummary> lines = Description.of(Graph.of(ResNet.undrawn(ResNets.named("resnext50_32x4d")), 64));
        assertEquals(
                new LayerSummary("conv1", "conv 7x7, stride 2", Shape.of(1, 32, 32, 64), 9408, 32 * 32 * 9408),
                lines.getFirst());
        assertEquals(
                new LayerSummary("maxpool", "max pool 3x3, stride 2", Shape.of(1, 16, 16, 64), 0, 0), lines.get(2));
        assertEquals(
                new LayerSummary(
                        "layer2.0.conv2", "conv 3x3, stride 2, 32 groups", Shape.of(1, 8, 8, 256), 18432, 64 * 18432),
                lines.stream()
                        .filter(line -> line.name().equals("layer2.0.conv2"))
                        .findFirst()
                        .orElseThrow());
        assertEquals(
                new LayerSummary("avgpool", "global average pool", Shape.of(1, 2048), 0, 0),
                lines.get(lines.size() - 2));
        assertEquals(new LayerSummary("fc", "linear", Shape.of(1, 1000), 2049000, 2048000), lines.getLast());
    }

    @Test
    void aBatchOfOneCannotBeTrainedWhereNormalizationSeesOnePixel() {
        ResNet network = ResNet.undrawn(ResNets.named("resnet18"));
        assertEquals(2, Graph.of(network, 32).smallestBatch());
        assertEquals(1, Graph.of(network, 64).smallestBatch());
    }

    @Test
    void aBlockIsABranchAShortcutAndTheirSum() {
        Graph graph = graph("resnet18");
        Node sum = named(graph, "layer2.0.sum");
        assertEquals("layer2.0.bn2", graph.node(sum.inputs().getFirst()).name());
        assertEquals("layer2.0.downsample.1", graph.node(sum.inputs().getLast()).name());
        Node relu = named(graph, "layer2.0.relu");
        assertEquals(List.of(sum.id()), relu.inputs());
        Block block = graph.blocks().get(2);
        assertEquals(new Block("layer2.0", Block.Shortcut.PROJECTION, block.input(), block.input(), relu.id()), block);
        assertEquals("layer1.1.relu", graph.node(block.input()).name());
        assertEquals("layer2", block.stage());
        Node identity = named(graph, "layer2.1.sum");
        assertEquals(relu.id(), identity.inputs().getLast());
    }

    @Test
    void preActivationIsSharedWhereTheShapeChanges() {
        Graph graph = graph("preresnet110");
        Block first = graph.blocks().getFirst();
        assertEquals("stages.0.blocks.0.norm1.relu", graph.node(first.split()).name());
        assertEquals(
                List.of(Origin.Part.ENTRY, Origin.Part.ENTRY),
                graph.nodes(first).stream()
                        .limit(2)
                        .map(node -> node.origin().part())
                        .toList());
        Block second = graph.blocks().get(1);
        assertEquals(second.input(), second.split());
    }

    @Test
    void tensorsAreThoseOfTheLayers() {
        ResNet network = ResNet.undrawn(ResNets.named("resnet20"));
        Graph graph = Graph.of(network, 32);
        Parameter weight = network.stem().weight();
        assertTrue(
                graph.nodes().getFirst().operation() instanceof Operation.Convolution stem && stem.weight() == weight);
        assertSame(
                network.classifier().bias(),
                ((Operation.Linear) graph.nodes().getLast().operation()).bias());
    }

    @Test
    void factorsAndOffsetsAreThoseOfTheNormalization() {
        ResNet network = ResNet.undrawn(ResNets.named("resnet20"));
        var norm = network.blocks().getFirst().lastNorm();
        norm.scale().value().array()[3] = 1.7f;
        norm.shift().value().array()[3] = -0.3f;
        norm.runningMean().value().array()[3] = 0.21f;
        norm.runningVariance().value().array()[3] = 0.013f;
        var operation = (Operation.BatchNormalization)
                named(Graph.of(network, 32), norm.name()).operation();
        assertEquals(16, operation.channels());
        assertEquals(norm.factor(3), operation.factor(3));
        assertEquals(norm.offset(3), operation.offset(3));
    }

    @Test
    void imagesThatTheNetworkCannotTakeAreRefused() {
        ResNet network = ResNet.undrawn(ResNets.named("resnet9"));
        assertThrows(ShapeMismatchException.class, () -> Graph.of(network, 16));
        assertThrows(ShapeMismatchException.class, () -> Graph.of(network, Shape.of(1, 32, 32, 1)));
        Graph graph = Graph.of(network, 32);
        var unknown = assertThrows(IllegalArgumentException.class, () -> graph.node(1000));
        assertEquals("resnet9 has no value 1000", unknown.getMessage());
    }
}
