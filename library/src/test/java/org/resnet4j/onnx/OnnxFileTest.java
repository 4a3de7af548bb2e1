package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Workspace;
import org.resnet4j.onnx.proto.ParsedModel;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;

class OnnxFileTest {
    private static final ResNetSpec PADDED =
            Networks.spec(Stem.SMALL_IMAGE, BlockKind.BASIC, StridePlacement.ON_3X3, ShortcutOption.A);

    @TempDir
    Path folder;

    private ParsedModel written(ResNet network, OnnxOptions options) throws IOException {
        Path file = folder.resolve("model.onnx");
        OnnxFile.write(file, network, options);
        return ParsedModel.read(file);
    }

    private ParsedModel written(ResNet network) throws IOException {
        return written(network, OnnxOptions.of(network.spec()));
    }

    @Test
    void theModelSaysWhatItIs() throws IOException {
        ParsedModel model = written(ResNet.create(PADDED, 1));
        assertEquals(8, model.whole(1));
        assertEquals("resnet4j", model.text(2));
        assertEquals("small, written by resnet4j", model.text(6));
        assertEquals("small", ParsedModel.text(ParsedModel.message(model.message(), 7), 2));
        assertEquals("", ParsedModel.text(ParsedModel.message(model.message(), 8), 1));
        assertEquals(17, ParsedModel.whole(ParsedModel.message(model.message(), 8), 2));
    }

    @Test
    void inputAndOutputHaveAnyBatchOrTheOneAskedFor() throws IOException {
        ResNet network = ResNet.create(PADDED, 1);
        ParsedModel any = written(network);
        assertEquals(Map.of("input", List.of("batch", "3", "16", "16")), any.inputs());
        assertEquals(Map.of("logits", List.of("batch", "5")), any.outputs());
        ParsedModel fixed =
                written(network, OnnxOptions.of(PADDED).withImages(20, 24).withBatch(4));
        assertEquals(Map.of("input", List.of("4", "3", "20", "24")), fixed.inputs());
        assertEquals(Map.of("logits", List.of("4", "5")), fixed.outputs());
    }

    @Test
    void basicBlocksAndZeroPaddingShortcuts() throws IOException {
        ParsedModel model = written(ResNet.create(PADDED, 1));
        assertEquals(
                """
                conv1 = Conv(input)
                bn1 = BatchNormalization(conv1)
                bn1.relu = Relu(bn1)
                layer1.0.conv1 = Conv(bn1.relu)
                layer1.0.bn1 = BatchNormalization(layer1.0.conv1)
                layer1.0.bn1.relu = Relu(layer1.0.bn1)
                layer1.0.conv2 = Conv(layer1.0.bn1.relu)
                layer1.0.bn2 = BatchNormalization(layer1.0.conv2)
                layer1.0.sum = Add(layer1.0.bn2, bn1.relu)
                layer1.0.relu = Relu(layer1.0.sum)
                layer2.0.conv1 = Conv(layer1.0.relu)
                layer2.0.bn1 = BatchNormalization(layer2.0.conv1)
                layer2.0.bn1.relu = Relu(layer2.0.bn1)
                layer2.0.conv2 = Conv(layer2.0.bn1.relu)
                layer2.0.bn2 = BatchNormalization(layer2.0.conv2)
                layer2.0.shortcut.slice = Slice(layer1.0.relu)
                layer2.0.shortcut.pad = Pad(layer2.0.shortcut.slice)
                layer2.0.sum = Add(layer2.0.bn2, layer2.0.shortcut.pad)
                layer2.0.relu = Relu(layer2.0.sum)
                layer2.1.conv1 = Conv(layer2.0.relu)
                layer2.1.bn1 = BatchNormalization(layer2.1.conv1)
                layer2.1.bn1.relu = Relu(layer2.1.bn1)
                layer2.1.conv2 = Conv(layer2.1.bn1.relu)
                layer2.1.bn2 = BatchNormalization(layer2.1.conv2)
                layer2.1.sum = Add(layer2.1.bn2, layer2.0.relu)
                layer2.1.relu = Relu(layer2.1.sum)
                avgpool = GlobalAveragePool(layer2.1.relu)
                avgpool.flatten = Flatten(avgpool)
                logits = Gemm(avgpool.flatten)
                """,
                model.nodes().stream()
                        .map(node -> node.outputs().getFirst() + " = " + node.operator()
                                + node.inputs().stream()
                                        .filter(input -> !model.constants().containsKey(input))
                                        .collect(Collectors.joining(", ", "(", ")"))
                                + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void photographsAndBottlenecks() throws IOException {
        ParsedModel model = written(ResNet.create(
                Networks.spec(Stem.IMAGENET, BlockKind.BOTTLENECK, StridePlacement.ON_3X3, ShortcutOption.B), 1));
        assertEquals(
                """
                Conv input, conv1.weight -> conv1 {dilations=[1, 1], group=1, kernel_shape=[7, 7], pads=[3, 3, 3, 3], strides=[2, 2]}
                MaxPool bn1.relu -> maxpool {kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]}
                Conv layer1.0.relu, layer2.0.conv1.weight -> layer2.0.conv1 {dilations=[1, 1], group=1, kernel_shape=[1, 1], pads=[0, 0, 0, 0], strides=[1, 1]}
                Conv layer2.0.bn1.relu, layer2.0.conv2.weight -> layer2.0.conv2 {dilations=[1, 1], group=1, kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]}
                Conv layer2.0.bn2.relu, layer2.0.conv3.weight -> layer2.0.conv3 {dilations=[1, 1], group=1, kernel_shape=[1, 1], pads=[0, 0, 0, 0], strides=[1, 1]}
                Conv layer1.0.relu, layer2.0.downsample.0.weight -> layer2.0.downsample.0 {dilations=[1, 1], group=1, kernel_shape=[1, 1], pads=[0, 0, 0, 0], strides=[2, 2]}
                Add layer2.0.bn3, layer2.0.downsample.1 -> layer2.0.sum
                GlobalAveragePool layer2.1.relu -> avgpool
                Flatten avgpool -> avgpool.flatten {axis=1}
                Gemm avgpool.flatten, fc.weight, fc.bias -> logits {transB=1}
                """,
                lines(
                        model,
                        node -> !Set.of("BatchNormalization", "Relu").contains(node.operator())
                                && !node.name().startsWith("layer1")
                                && !node.name().startsWith("layer2.1")));
    }

    private static String lines(ParsedModel model, Predicate<ParsedModel.Node> which) {
        return model.nodes().stream().filter(which).map(node -> node + "\n").collect(Collectors.joining());
    }

    static Stream<Arguments> smallNetworks() {
        return Stream.of(Stem.values())
                .flatMap(stem -> Stream.of(BlockKind.values())
                        .flatMap(block -> Stream.of(ShortcutOption.values())
                                .map(shortcuts -> Arguments.of(stem, block, shortcuts))));
    }

    static Stream<ResNetSpec> laterNetworks() {
        ResNetSpec bottleneck =
                Networks.spec(Stem.SMALL_IMAGE, BlockKind.BOTTLENECK, StridePlacement.ON_3X3, ShortcutOption.B);
        return Stream.of(
                bottleneck.toBuilder().groups(2, 48).build(),
                bottleneck.toBuilder().squeeze(4).build(),
                bottleneck.toBuilder().squeeze(4).shortcuts(ShortcutOption.NONE).build(),
                bottleneck.toBuilder()
                        .squeeze(4)
                        .shortcuts(ShortcutOption.EXCLUSIVE_GATE)
                        .build(),
                bottleneck.withOrder(ActivationOrder.PRE),
                bottleneck.withOrder(ActivationOrder.NORM_AFTER_ADDITION),
                bottleneck.withOrder(ActivationOrder.RELU_BEFORE_ADDITION),
                bottleneck.withOrder(ActivationOrder.RELU_ONLY_PRE),
                bottleneck.withOrder(ActivationOrder.WITHOUT_NORM),
                bottleneck.withOrder(ActivationOrder.PRE).withShortcuts(ShortcutOption.SHORTCUT_GATE),
                bottleneck.withOrder(ActivationOrder.NORM_AFTER_ADDITION).withShortcuts(ShortcutOption.SCALED),
                bottleneck.toBuilder()
                        .order(ActivationOrder.PRE)
                        .block(BlockKind.BASIC)
                        .shortcuts(ShortcutOption.A)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("laterNetworks")
    void theGraphOfLaterNetworksComputesWhatTheyPredict(ResNetSpec spec) throws IOException {
        ResNet network = Networks.drawn(spec);
        ParsedModel model = written(network, OnnxOptions.of(spec).withImages(17, 22));
        Tensor images = Tensor.zeros(2, 17, 22, 3);
        Networks.fill(images.array(), new Random(4), -2, 2);
        double[] logits = Interpreter.run(model, channelsFirst(images)).values();
        assertClose(predicted(network, images), logits);
    }

    @ParameterizedTest
    @MethodSource("smallNetworks")
    void theGraphComputesWhatTheNetworkPredicts(Stem stem, BlockKind block, ShortcutOption shortcuts)
            throws IOException {
        for (StridePlacement placement : StridePlacement.values()) {
            int height = 17;
            int width = 22;
            ResNet network = Networks.drawn(Networks.spec(stem, block, placement, shortcuts));
            ParsedModel model = written(network, OnnxOptions.of(network.spec()).withImages(height, width));
            Tensor images = Tensor.zeros(2, height, width, 3);
            Networks.fill(images.array(), new Random(3), -2, 2);
            double[] logits = Interpreter.run(model, channelsFirst(images)).values();
            assertClose(predicted(network, images), logits);
        }
    }

    private static float[] predicted(ResNet network, Tensor images) {
        try (var workers = new Workers(1)) {
            return network.predict(images, new Workspace(new Compute(KernelLookup.best(), workers)))
                    .copy()
                    .array();
        }
    }

    private static Interpreter.Array channelsFirst(Tensor images) {
        int[] extents = images.shape().toArray();
        Interpreter.Array turned = Interpreter.Array.zeros(extents[0], extents[3], extents[1], extents[2]);
        for (int i = 0; i < images.size(); i++) {
            int c = i % extents[3];
            int x = i / extents[3] % extents[2];
            int y = i / extents[3] / extents[2] % extents[1];
            int n = i / extents[3] / extents[2] / extents[1];
            turned.values()[turned.index(n, c, y, x)] = images.array()[i];
        }
        return turned;
    }

    private static void assertClose(float[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0.01, "logits say nothing, the largest is " + largest);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-5 * largest, "logit " + i);
        }
    }

    @Test
    void weightsHaveNamesLayoutsAndBitsOfTheStateDict() throws IOException {
        ResNet network = Networks.drawn(
                Networks.spec(Stem.IMAGENET, BlockKind.BOTTLENECK, StridePlacement.FIRST_1X1, ShortcutOption.C));
        ParsedModel model = written(network);
        Map<String, Tensor> state = ResNetState.stateDict(network).tensors();
        assertEquals(
                new TreeSet<>(state.keySet()), new TreeSet<>(model.constants().keySet()));
        state.forEach((name, tensor) -> {
            ParsedModel.Constant constant = model.constants().get(name);
            assertEquals(1, constant.type(), name);
            assertArrayEquals(tensor.shape().toArray(), constant.extents(), name);
            assertArrayEquals(tensor.array(), constant.floats(), 0f, name);
        });
    }

    @Test
    void theSameNetworkGivesTheSameBytes() throws IOException {
        OnnxFile.write(folder.resolve("a.onnx"), Networks.drawn(PADDED));
        OnnxFile.write(folder.resolve("b.onnx"), Networks.drawn(PADDED));
        assertEquals(-1, Files.mismatch(folder.resolve("a.onnx"), folder.resolve("b.onnx")));
    }

    static List<String> catalogue() {
        return ResNets.names();
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void everyNetworkOfTheCatalogueIsASortedGraph(String name) throws IOException {
        ResNetSpec spec = Networks.narrow(ResNets.named(name));
        ParsedModel model = written(ResNet.create(spec, 1));
        var known = new HashSet<>(model.constants().keySet());
        known.addAll(model.inputs().keySet());
        var unused = new HashSet<>(known);
        var names = new HashSet<String>();
        for (ParsedModel.Node node : model.nodes()) {
            assertTrue(names.add(node.name()), "two nodes are named " + node.name());
            for (String input : node.inputs()) {
                assertTrue(known.contains(input), () -> input + " is not there yet for " + node);
                unused.remove(input);
            }
            for (String output : node.outputs()) {
                assertTrue(known.add(output), () -> output + " is made twice");
                unused.add(output);
            }
        }
        assertEquals(model.outputs().keySet(), unused, "nobody uses");
        int moreInStem = spec.stem().kind() == Stem.DEEP ? 2 : 0;
        assertEquals(
                spec.depth() + moreInStem,
                model.nodes().stream()
                        .filter(node -> Set.of("Conv", "Gemm").contains(node.operator()))
                        .filter(node -> !node.name().contains("downsample")
                                && !node.name().contains(".se."))
                        .count());
        assertEquals(
                spec.shortcuts() == ShortcutOption.NONE
                        ? 0
                        : spec.stages().depths().stream()
                                .mapToInt(depth -> depth)
                                .sum(),
                model.nodes().stream()
                        .filter(node -> node.operator().equals("Add"))
                        .count());
    }

    @Test
    void imagesTooLargeForAnyTensorLeaveTheOldFile() throws IOException {
        Path file = folder.resolve("model.onnx");
        Files.writeString(file, "old");
        ResNet network = ResNet.create(PADDED, 1);
        var options = OnnxOptions.of(PADDED).withImages(1 << 20, 1 << 20);
        assertThrows(IllegalArgumentException.class, () -> OnnxFile.write(file, network, options));
        assertEquals("old", Files.readString(file));
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        ResNet network = ResNet.create(PADDED, 1);
        Path missing = folder.resolve("missing").resolve("model.onnx");
        assertEquals(
                "cannot write " + missing + ": there is no folder " + missing.getParent(),
                assertThrows(IOException.class, () -> OnnxFile.write(missing, network))
                        .getMessage());
        assertEquals(
                "cannot write " + folder + ": it is a folder",
                assertThrows(IOException.class, () -> OnnxFile.write(folder, network))
                        .getMessage());
    }

    @Test
    void optionsRefuseNoRowsAndNoImages() {
        assertEquals(
                "images must have rows and columns, got 0x16",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> OnnxOptions.of(PADDED).withImages(0, 16))
                        .getMessage());
        assertEquals(
                "a batch has at least one image, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> OnnxOptions.of(PADDED).withBatch(0))
                        .getMessage());
    }
}
