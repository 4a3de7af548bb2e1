package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.inference.int8.ByteScale;
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.onnx.proto.ParsedModel;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Tensor;

/**
 * Quantized networks in ONNX. The answers of ONNX Runtime are in quantized.csv, which quantized_onnx_fixtures.py writes
 * from the files and images that this test leaves in the folder {@code -Dresnet4j.quantized=FOLDER}.
 */
class QuantizedOnnxTest {
    private static final @Nullable String WRITE = System.getProperty("resnet4j.quantized");
    private static final int IMAGES = 8;

    /** The distance of the numbers that a value of 8 bits could hold, for the range of the logits. */
    private static final int STEPS = 255;

    /** Bounds of the differences: a sum that lies halfway between two bytes may be rounded to the other. */
    private static final double MOST_STEPS = 2;

    private static final double MEAN_STEPS = 0.6;

    @TempDir
    private Path folder;

    private static ResNetSpec spec(String name) {
        return SmallNetworks.all().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Tensor images(ResNetSpec spec, int seed) {
        var random = new Random(seed);
        Tensor images = Tensor.zeros(IMAGES, spec.imageSize(), spec.imageSize(), spec.inChannels());
        int length = images.size() / IMAGES;
        for (int image = 0; image < IMAGES; image++) {
            // Images of noise alone all look the same to a network.
            float brightness = random.nextFloat(-2, 2);
            int period = random.nextInt(3, 40);
            for (int i = 0; i < length; i++) {
                images.array()[image * length + i] =
                        brightness + i % period / (float) period + random.nextFloat(-0.5f, 0.5f);
            }
        }
        return images;
    }

    /** Quantizes a network with plain loops, which compute the same bits on every machine. */
    private static Quantization quantization(ResNet network, Set<String> kept) {
        try (var workers = new Workers(1)) {
            var compute = new Compute(KernelLookup.scalar(), workers);
            var calibration = new Calibration(Graph.of(network, network.spec().imageSize()), compute);
            calibration.add(images(network.spec(), 1));
            return calibration.quantization(Calibration.Rule.MIN_MAX, kept);
        }
    }

    private static Path write(Path folder, ResNet network, Quantization quantization) throws IOException {
        Path file = folder.resolve(network.spec().name() + ".onnx");
        OnnxFile.write(file, network, new OpenQuantization(quantization), OnnxOptions.of(network.spec()));
        return file;
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError(missing);
        }
    }

    private static void leave(Tensor images, Path file) throws IOException {
        var bytes = ByteBuffer.allocate(images.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(images.array());
        Files.write(file, bytes.array());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/onnx/quantized.csv", useHeadersInDisplayName = true)
    void onnxRuntimeComputesWhatTheEngineComputes(String name, String kept, String sha256, String logits)
            throws IOException {
        ResNetSpec spec = spec(name);
        ResNet network = StreamNetworks.create(spec);
        Quantization quantization = quantization(network, kept == null ? Set.of() : Set.of(kept.split(" ")));
        Path file = write(WRITE == null ? folder : Path.of(WRITE), network, quantization);
        Tensor images = images(spec, 2);
        if (WRITE != null) {
            leave(images, Path.of(WRITE).resolve(name + ".images"));
            return;
        }
        assertEquals(sha256, digest(file), "the file is another; write quantized.csv again");
        double[] theirs = Arrays.stream(logits.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        try (Compute compute = Compute.best(1)) {
            PlanOptions options = PlanOptions.of(spec, compute);
            float[] ours = InferencePlan.compile(network, options, quantization)
                    .predict(images)
                    .array();
            assertEquals(ours.length, theirs.length);
            double range = Arrays.stream(theirs).max().orElseThrow()
                    - Arrays.stream(theirs).min().orElseThrow();
            double errors = 0;
            for (int i = 0; i < ours.length; i++) {
                double steps = Math.abs(ours[i] - theirs[i]) / range * STEPS;
                assertTrue(steps < MOST_STEPS, "logit " + i + " differs by " + steps + " steps");
                errors += steps;
            }
            assertTrue(errors / ours.length < MEAN_STEPS, errors / ours.length + " steps");
        }
    }

    @Test
    void valuesInBytesLieBetweenTwoConversions() throws IOException {
        ResNet network = StreamNetworks.create(spec("resnet8"));
        ParsedModel model = ParsedModel.read(write(folder, network, quantization(network, Set.of("layer3.0.conv1"))));
        assertEquals("""
            input.quantized = QuantizeLinear(input)
            input.dequantized = DequantizeLinear(input.quantized)
            conv1.weight.dequantized = DequantizeLinear()
            conv1.bias.dequantized = DequantizeLinear()
            conv1 = Conv(input.dequantized, conv1.weight.dequantized, conv1.bias.dequantized)
            conv1.output = Relu(conv1)
            conv1.quantized = QuantizeLinear(conv1.output)
            conv1.dequantized = DequantizeLinear(conv1.quantized)
            """, lines(model, 0, 8));
        int kept = model.nodes().stream().map(ParsedModel.Node::name).toList().indexOf("layer3.0.conv1");
        assertEquals("""
            layer3.0.conv1 = Conv(layer2.0.conv2.dequantized)
            layer3.0.bn1 = BatchNormalization(layer3.0.conv1)
            layer3.0.conv1.output = Relu(layer3.0.bn1)
            layer3.0.conv1.quantized = QuantizeLinear(layer3.0.conv1.output)
            layer3.0.conv1.dequantized = DequantizeLinear(layer3.0.conv1.quantized)
            """, lines(model, kept, 5));
        assertEquals("""
            layer3.0.conv2.branch.quantized = QuantizeLinear(layer3.0.conv2)
            layer3.0.conv2.branch.dequantized = DequantizeLinear(layer3.0.conv2.branch.quantized)
            layer3.0.conv2.sum = Add(layer3.0.conv2.branch.dequantized, layer3.0.downsample.0.dequantized)
            layer3.0.conv2.output = Relu(layer3.0.conv2.sum)
            layer3.0.conv2.quantized = QuantizeLinear(layer3.0.conv2.output)
            layer3.0.conv2.dequantized = DequantizeLinear(layer3.0.conv2.quantized)
            avgpool = GlobalAveragePool(layer3.0.conv2.dequantized)
            avgpool.flatten = Flatten(avgpool)
            avgpool.quantized = QuantizeLinear(avgpool.flatten)
            avgpool.dequantized = DequantizeLinear(avgpool.quantized)
            fc.weight.dequantized = DequantizeLinear()
            fc.bias.dequantized = DequantizeLinear()
            logits = Gemm(avgpool.dequantized, fc.weight.dequantized, fc.bias.dequantized)
            """, lines(model, model.nodes().size() - 13, 13));
    }

    private static String lines(ParsedModel model, int from, int count) {
        return model.nodes().subList(from, from + count).stream()
                .map(node -> node.outputs().getFirst() + " = " + node.operator()
                        + node.inputs().stream()
                                .filter(input -> !model.constants().containsKey(input))
                                .collect(Collectors.joining(", ", "(", ")"))
                        + "\n")
                .collect(Collectors.joining());
    }

    /** A bias that does not fit 32 bits in units of its products gets larger units. */
    @Test
    void aLargeBiasOfTinyWeightsKeepsItsValue() throws IOException {
        ResNet network = StreamNetworks.create(spec("resnet8"));
        Quantization usual = quantization(network, Set.of());
        Map<String, QuantizedWeights> weights = new HashMap<>(usual.weights());
        QuantizedWeights first = weights.get("conv1");
        first.scales()[3] = 1e-30f;
        first.bias()[3] = -4;
        ParsedModel model =
                ParsedModel.read(write(folder, network, new Quantization(usual.images(), usual.values(), weights)));
        int bias = model.constants()
                .get("conv1.bias")
                .data()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt(3 * Integer.BYTES);
        float scale = model.constants().get("conv1.bias_scale").floats()[3];
        assertEquals(-4, (double) bias * scale, 1e-5);
        float weightScale = model.constants().get("conv1.weight_scale").floats()[3];
        assertEquals(scale, weightScale * usual.images().scale(), 1e-6 * scale);
    }

    @Test
    void oldFoldersHaveNoScaleForBranches() throws IOException {
        ResNet network = StreamNetworks.create(spec("resnet8"));
        Quantization usual = quantization(network, Set.of());
        Map<String, ByteScale> values = new HashMap<>(usual.values());
        values.keySet().removeIf(name -> name.endsWith(".branch"));
        assertTrue(values.size() < usual.values().size());
        ParsedModel model =
                ParsedModel.read(write(folder, network, new Quantization(usual.images(), values, usual.weights())));
        ByteScale sum = values.get("layer1.0.conv2");
        ByteScale shortcut = values.get("conv1");
        float scale =
                model.constants().get("layer1.0.conv2.branch.output_scale").floats()[0];
        assertEquals(sum.scale() + shortcut.scale(), scale, 1e-6 * scale);
    }

    @Test
    void aQuantizationOfAnotherNetworkIsRefused() {
        Quantization other = quantization(StreamNetworks.create(spec("resnet8")), Set.of());
        ResNet network = StreamNetworks.create(spec("resnet18"));
        var refused = assertThrows(IllegalArgumentException.class, () -> write(folder, network, other));
        assertEquals("conv1 has 432 quantized weights, expected [7, 7, 3, 16]", refused.getMessage());
        assertArrayEquals(new String[0], folder.toFile().list());
    }
}
