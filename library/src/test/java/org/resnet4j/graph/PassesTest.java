package org.resnet4j.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;

class PassesTest {
    private static Graph graph(ResNetSpec spec) {
        return Graph.of(ResNet.undrawn(spec), spec.imageSize());
    }

    /** Returns the nodes of a block with their epilogues, by name. */
    private static List<String> block(Graph graph, int number) {
        Block block = graph.blocks().get(number);
        return graph.nodes(block).stream()
                .map(node -> node.name().substring(block.name().length() + 1) + words(node))
                .toList();
    }

    private static String words(Node node) {
        Epilogue epilogue = node.epilogue();
        return (epilogue.affine() == null ? "" : " affine")
                + (epilogue.adds() ? " adds" : "")
                + (epilogue.relu() ? " relu" : "");
    }

    @Test
    void reluBecomesPartOfTheLayerThatItBelongsTo() {
        Graph graph = Passes.fuseRelus(graph(ResNets.named("resnet20")));
        assertEquals(List.of("conv1", "bn1 relu", "conv2", "bn2", "sum relu"), block(graph, 0));
    }

    @Test
    void reluAsALayerOfItsOwnStays() {
        ResNetSpec spec = ResNets.named("resnet20").withOrder(ActivationOrder.RELU_ONLY_PRE);
        assertEquals(List.of("relu", "conv1 affine relu", "conv2 affine adds"), block(Passes.fuseAll(graph(spec)), 0));
    }

    @Test
    void aNormalizationIsFoldedIntoTheConvolutionOfItsPart() {
        ResNetSpec spec = ResNets.named("resnet20");
        Graph folded = Passes.foldNormalizations(Passes.fuseRelus(graph(spec)));
        assertEquals(List.of("conv1 affine relu", "conv2 affine", "sum relu"), block(folded, 0));
        // The first normalization of pre-activation belongs to the block, the convolution before it to the stem.
        Graph pre = Passes.fuseAll(graph(spec.withOrder(ActivationOrder.PRE)));
        assertEquals(List.of("norm1 relu", "conv1 affine relu", "conv2 adds"), block(pre, 0));
        Graph behind = Passes.fuseAll(
                graph(spec.withOrder(ActivationOrder.NORM_AFTER_ADDITION).withShortcuts(ShortcutOption.NONE)));
        assertEquals(List.of("conv1 affine relu", "conv2", "bn2 relu"), block(behind, 0));
    }

    @Test
    void aSumBecomesPartOfWhatEndsTheBranchBehindTheShortcut() {
        Graph graph = Passes.fuseAll(graph(ResNets.named("resnet50")));
        assertEquals(
                List.of("conv1 affine relu", "conv2 affine relu", "downsample.0 affine", "conv3 affine adds relu"),
                block(graph, 0));
        Graph squeezed = Passes.fuseAll(graph(ResNets.named("seresnet18")));
        assertEquals(List.of("conv1 affine relu", "conv2 affine", "se adds relu"), block(squeezed, 0));
        assertEquals(
                List.of("conv1 affine relu", "conv2 affine relu"),
                block(Passes.fuseAll(graph(ResNets.named("plain20"))), 0));
    }

    @Test
    void sumsThatWeighOrFollowReluStay() {
        ResNetSpec spec = ResNets.named("resnet20");
        Map<ShortcutOption, String> ends = Map.of(
                ShortcutOption.DROPOUT, "conv2 affine adds relu",
                ShortcutOption.SCALED, "sum relu",
                ShortcutOption.EXCLUSIVE_GATE, "sum relu");
        ends.forEach((option, end) -> assertEquals(
                end, block(Passes.fuseAll(graph(spec.withShortcuts(option))), 0).getLast()));
        Graph before = Passes.fuseAll(graph(spec.withOrder(ActivationOrder.RELU_BEFORE_ADDITION)));
        assertEquals(List.of("conv1 affine relu", "conv2 affine relu", "sum"), block(before, 0));
    }

    @ParameterizedTest
    @MethodSource("org.resnet4j.graph.GraphTest#networks")
    void noValueIsLostAndEachStaysWhatItWas(ResNetSpec spec) {
        Graph whole = graph(spec);
        Graph fused = Passes.fuseAll(whole);
        Map<Integer, Node> nodes = whole.nodes().stream().collect(Collectors.toMap(Node::id, Function.identity()));
        var known = new HashSet<Integer>();
        known.add(Graph.IMAGES);
        for (Node node : fused.nodes()) {
            assertTrue(known.containsAll(node.inputs()), node.toString());
            assertTrue(known.add(node.id()), node.toString());
            assertEquals(nodes.get(node.id()).shape(), node.shape());
        }
        assertEquals(whole.nodes().getLast().id(), fused.nodes().getLast().id());
        for (Block block : fused.blocks()) {
            assertTrue(known.containsAll(List.of(block.input(), block.split(), block.output())), block.toString());
        }
    }
}
