package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.file.FreshFile;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.Field;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.onnx.proto.WholeNumbers;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.weights.MalformedFileException;

class MalformedOnnxTest {
    private static final ResNetSpec SPEC =
            Networks.spec(Stem.SMALL_IMAGE, BlockKind.BASIC, StridePlacement.ON_3X3, ShortcutOption.A);

    @TempDir
    private Path folder;

    private static GraphProto graph() {
        return NetworkGraph.of(ResNet.create(SPEC, 1), OnnxOptions.of(SPEC));
    }

    private Path write(Field... fields) throws IOException {
        Path file = folder.resolve("model.onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            var output = CodedOutputStream.newInstance(out);
            for (Field field : fields) {
                field.writeTo(output);
            }
            output.flush();
        }
        return file;
    }

    private Path write(GraphProto graph) throws IOException {
        return write(new Field.Int64(1, 8), graph.as(7));
    }

    private static void assertRefused(Path file, String reason) {
        var refused = assertThrows(MalformedFileException.class, () -> OnnxSource.open(file, SPEC));
        assertTrue(refused.reason().contains(reason), refused.reason());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    private static GraphProto nodes(GraphProto graph, UnaryOperator<NodeProto> change) {
        return new GraphProto(
                graph.name(),
                graph.nodes().stream().map(change).toList(),
                graph.initializers(),
                graph.inputs(),
                graph.outputs());
    }

    private static GraphProto attribute(String node, AttributeProto changed) {
        return nodes(graph(), known -> {
            if (!known.name().equals(node)) {
                return known;
            }
            var attributes = new ArrayList<AttributeProto>(known.attributes());
            attributes.removeIf(attribute -> attribute.name().equals(changed.name()));
            attributes.add(changed);
            return new NodeProto(known.operator(), known.name(), known.inputs(), known.outputs(), attributes);
        });
    }

    private static GraphProto inputs(String node, String... inputs) {
        return nodes(
                graph(),
                known -> known.name().equals(node)
                        ? new NodeProto(known.operator(), node, List.of(inputs), known.outputs(), known.attributes())
                        : known);
    }

    private static GraphProto operator(String node, String operator) {
        return nodes(
                graph(),
                known -> known.name().equals(node)
                        ? new NodeProto(operator, node, known.inputs(), known.outputs(), known.attributes())
                        : known);
    }

    private static GraphProto convolutions(String operator) {
        return nodes(
                graph(),
                known -> known.operator().equals("Conv")
                        ? new NodeProto(operator, known.name(), known.inputs(), known.outputs(), known.attributes())
                        : known);
    }

    @Test
    void graphOptimizedForOneProcessorIsRefusedWithTheLevelToSaveAt() throws IOException {
        Path file = write(convolutions("com.microsoft.nchwc.Conv"));
        assertRefused(file, "for one processor (operator com.microsoft.nchwc.Conv, level all); save it at the level");
        var refused = assertThrows(MalformedFileException.class, () -> OnnxSource.open(file));
        assertTrue(refused.reason().contains("for one processor"), refused.reason());
    }

    @Test
    void convolutionsQuantizedForEachImageAreRefused() throws IOException {
        assertRefused(
                write(convolutions("ConvInteger")),
                "the convolutions are quantized in a way that is not supported (operator ConvInteger)");
    }

    private static GraphProto more(TensorProto tensor) {
        GraphProto graph = graph();
        var initializers = new ArrayList<>(graph.initializers());
        initializers.add(tensor);
        return new GraphProto(graph.name(), graph.nodes(), initializers, graph.inputs(), graph.outputs());
    }

    static Stream<Arguments> otherGraphs() {
        return Stream.of(
                Arguments.of(
                        "another stride",
                        attribute("layer1.0.conv1", AttributeProto.Wholes.of("strides", 2, 2)),
                        "layer1.0.conv1 (Conv) is not found: Conv 'layer1.0.conv1' has strides [2, 2] instead of [1,"
                                + " 1]"),
                Arguments.of(
                        "another padding",
                        attribute("layer1.0.conv1", AttributeProto.Wholes.of("pads", 0, 0, 0, 0)),
                        "has pads [0, 0, 0, 0] instead of [1, 1, 1, 1]"),
                Arguments.of(
                        "dilation",
                        attribute("layer1.0.conv1", AttributeProto.Wholes.of("dilations", 2, 2)),
                        "has dilations [2, 2] instead of [1, 1]"),
                Arguments.of(
                        "groups",
                        attribute("layer1.0.conv1", new AttributeProto.Whole("group", 2)),
                        "has [2] groups instead of [1]"),
                Arguments.of(
                        "another activation",
                        operator("layer1.0.bn1.relu", "Sigmoid"),
                        "followed by [Sigmoid] instead of [Relu]"),
                Arguments.of("a missing sum", operator("layer1.0.sum", "Max"), "instead of [Add]"),
                Arguments.of(
                        "a sum of other values",
                        inputs("layer2.1.sum", "layer2.1.bn2", "bn1.relu"),
                        "layer2.1.sum (Add) is not found: Add 'layer2.1.sum' has other inputs"),
                Arguments.of(
                        "another padding of channels",
                        inputs("layer2.0.shortcut.pad", "layer2.0.shortcut.slice", "layer2.0.shortcut.starts"),
                        "pads by [0, 0]"),
                Arguments.of(
                        "a circle",
                        inputs("layer1.0.conv1", "layer2.1.relu", "layer1.0.conv1.weight"),
                        "step layer1.0.conv1 (Conv) is not found"),
                Arguments.of(
                        "weights that are computed",
                        inputs("layer1.0.conv1", "bn1.relu", "bn1.relu"),
                        "the weights of Conv 'layer1.0.conv1' are not a constant"),
                Arguments.of("no scores", operator("fc", "Tanh"), "there is Tanh 'fc' in its place"),
                Arguments.of("factors", attribute("fc", new AttributeProto.Real("alpha", 2)), "Gemm 'fc' has factors"),
                Arguments.of(
                        "a value of two origins",
                        nodes(
                                graph(),
                                known -> known.name().equals("layer1.0.bn1")
                                        ? new NodeProto(
                                                known.operator(),
                                                known.name(),
                                                known.inputs(),
                                                List.of("conv1"),
                                                known.attributes())
                                        : known),
                        "gives 'conv1', which is already defined"),
                Arguments.of(
                        "a tensor twice",
                        more(new TensorProto("fc.bias", List.of(1L), WholeNumbers.of(1))),
                        "two tensors are named 'fc.bias'"),
                Arguments.of(
                        "too few elements",
                        more(new TensorProto("x", List.of(3L), WholeNumbers.of(1, 2))),
                        "tensor 'x' of [3] needs 3 elements of 8 bytes, and has 16 bytes"),
                Arguments.of(
                        "a negative extent",
                        more(new TensorProto("x", List.of(-1L), WholeNumbers.of(1, 2))),
                        "an extent is negative"),
                Arguments.of(
                        "an overflow",
                        more(new TensorProto("x", List.of(1L << 32, 1L << 32), WholeNumbers.of())),
                        "has more elements than can be"),
                Arguments.of(
                        "many axes",
                        more(new TensorProto(
                                "x", Stream.generate(() -> 1L).limit(9).toList(), WholeNumbers.of(1))),
                        "more than 8 numbers"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("otherGraphs")
    void anotherGraphIsRefusedWithTheFirstDifference(String what, GraphProto graph, String reason) throws IOException {
        assertRefused(write(graph), reason);
    }

    @Test
    void aModelWithoutAGraphOrWithTwoIsNone() throws IOException {
        assertRefused(write(new Field.Int64(1, 8)), "it has no graph");
        assertRefused(write(new Field.Int64(1, 8), graph().as(7), graph().as(7)), "a second graph");
        assertRefused(write(new Field.Text(7, "text")), "ONNX");
    }

    @Test
    void lengthsBeyondTheFileTakeNoMemory() throws IOException {
        Path file = folder.resolve("claims.onnx");
        // Field 7, a graph, of 2 GiB; in it field 5, a tensor, and so on; then nothing.
        Files.write(file, new byte[] {8, 8, 0x3a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0x2a});
        assertRefused(file, "damaged");
        Files.write(
                file, new byte[] {8, 8, 0x3a, 8, 0x12, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0, 0});
        assertRefused(file, "is over the limit of 4096");
        Files.write(
                file, new byte[] {8, 8, 0x3a, 8, 0x2a, 6, 0x4a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7});
        assertRefused(file, "do not fit");
    }

    @Test
    void halfOfAFileIsRefusedAsTruncated() throws IOException {
        byte[] whole = Files.readAllBytes(write(graph()));
        Path file = folder.resolve("half.onnx");
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(file, " bytes that follow; the file is truncated or damaged");
    }

    @Test
    void everyCutOfAFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(graph()));
        Path file = folder.resolve("cut.onnx");
        for (int length = 0; length < whole.length; length += 1 + length / 50) {
            FreshFile.write(file, Arrays.copyOf(whole, length));
            assertThrows(MalformedFileException.class, () -> OnnxSource.open(file, SPEC), "cut at " + length);
        }
    }

    @Test
    void aDamagedFileIsReadOrRefusedAsMalformed() throws IOException {
        byte[] whole = Files.readAllBytes(write(graph()));
        Path file = folder.resolve("damaged.onnx");
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k < 3; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            FreshFile.write(file, damaged);
            try (OnnxSource source = OnnxSource.open(file, SPEC)) {
                assertTrue(source.shapes().size() > 0);
            } catch (MalformedFileException documented) {
                refused++;
            }
        }
        assertTrue(refused > 100, refused + " of 2000");
    }

    /** A step a node, however long the chain; once a chain was followed again from each of its nodes. */
    @Test
    void chainOfCopiesIsFollowedOnce() throws IOException {
        GraphProto graph = graph();
        var nodes = new ArrayList<NodeProto>();
        String image = graph.inputs().getFirst().name();
        String copied = image;
        for (int i = 0; i < 60_000; i++) {
            nodes.add(new NodeProto("Identity", "", List.of(copied), List.of("copy" + i), List.of()));
            copied = "copy" + i;
        }
        String last = copied;
        for (NodeProto node : graph.nodes()) {
            nodes.add(new NodeProto(
                    node.operator(),
                    node.name(),
                    node.inputs().stream()
                            .map(input -> input.equals(image) ? last : input)
                            .toList(),
                    node.outputs(),
                    node.attributes()));
        }
        Path file = write(new GraphProto(graph.name(), nodes, graph.initializers(), graph.inputs(), graph.outputs()));
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            try (OnnxSource source = OnnxSource.open(file, SPEC)) {
                assertTrue(source.shapes().containsKey("fc.weight"));
            }
        });
    }

    @Test
    void circleOfCopiesIsRefused() throws IOException {
        GraphProto graph = graph();
        var nodes = new ArrayList<NodeProto>();
        nodes.add(new NodeProto("Identity", "", List.of("b"), List.of("a"), List.of()));
        nodes.add(new NodeProto("Identity", "", List.of("a"), List.of("b"), List.of()));
        for (NodeProto node : graph.nodes()) {
            nodes.add(new NodeProto(
                    node.operator(),
                    node.name(),
                    node.name().equals("conv1") ? List.of("a", node.inputs().get(1)) : node.inputs(),
                    node.outputs(),
                    node.attributes()));
        }
        assertRefused(
                write(new GraphProto(graph.name(), nodes, graph.initializers(), graph.inputs(), graph.outputs())),
                "nothing follows");
    }

    @Test
    void nodesAndNamesAreCountedBeforeTheyAreBuilt() throws IOException {
        assertRefused(write(repeated(new byte[] {0x0a, 0}, 70_000)), "more than 65536 nodes");
        // A node with an empty name as its input, many times.
        byte[] names = new byte[2 * 600_000];
        for (int i = 0; i < names.length; i += 2) {
            names[i] = 0x0a;
        }
        assertRefused(write(length(0x0a, names)), "more than 524288 names");
        assertRefused(write(repeated(new byte[] {0x2a, 0}, 600_000)), "more than 524288 names");
    }

    private static byte[] repeated(byte[] part, int times) {
        var all = new byte[part.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(part, 0, all, i * part.length, part.length);
        }
        return all;
    }

    /** A field of bytes, with its tag and its length. */
    private static byte[] length(int tag, byte[] content) {
        var all = new ByteArrayOutputStream();
        all.write(tag);
        for (int left = content.length; ; left >>>= 7) {
            if (left < 128) {
                all.write(left);
                break;
            }
            all.write(left & 127 | 128);
        }
        all.writeBytes(content);
        return all.toByteArray();
    }

    /** A file of this graph. */
    private Path write(byte[] graph) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {8, 8});
        all.writeBytes(length(0x3a, graph));
        return FreshFile.write(folder.resolve("bytes.onnx"), all.toByteArray());
    }
}
