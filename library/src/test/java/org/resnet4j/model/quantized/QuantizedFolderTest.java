package org.resnet4j.model.quantized;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

class QuantizedFolderTest {
    @TempDir
    private Path folder;

    private static ModelConfig config(ResNetSpec spec) {
        var normalization = new Normalization(
                new float[spec.inChannels()], spec.inChannels() == 1 ? new float[] {1} : new float[] {1, 1, 1});
        return new ModelConfig(
                spec,
                ModelConfig.numbered(spec.classes()),
                new EvaluationTransform(
                        spec.imageSize(), spec.imageSize(), Interpolation.BILINEAR, normalization, false));
    }

    private static Tensor images(ResNetSpec spec) {
        var random = new Random(5);
        Tensor images = Tensor.zeros(2, spec.imageSize(), spec.imageSize(), spec.inChannels());
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        return images;
    }

    private static Quantization quantization(ResNet network, Compute compute, Set<String> kept) {
        var calibration = new Calibration(Graph.of(network, network.spec().imageSize()), compute);
        calibration.add(images(network.spec()));
        return calibration.quantization(Calibration.Rule.MIN_MAX, kept);
    }

    /** Returns every fourth network: each file is forced to disk, which takes longer than all computation. */
    static Stream<ResNetSpec> networks() {
        List<ResNetSpec> all = SmallNetworks.all().stream()
                .filter(spec -> spec.inChannels() == 1 || spec.inChannels() == 3)
                .toList();
        return IntStream.range(0, all.size() / 4).mapToObj(index -> all.get(4 * index));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aSavedNetworkComputesTheSameBits(ResNetSpec spec) throws IOException {
        ResNet network = StreamNetworks.create(spec);
        try (Compute compute = Compute.best(1)) {
            String firstLayer = network.stem().name();
            for (Set<String> kept : List.of(Set.<String>of(), Set.of(firstLayer))) {
                Quantization quantization = quantization(network, compute, kept);
                PlanOptions options = PlanOptions.of(spec, compute);
                float[] expected = InferencePlan.compile(network, options, quantization)
                        .predict(images(spec))
                        .array();
                QuantizedFolder.of(config(spec), network, quantization).save(folder);
                try (ModelFile file = ModelFolder.open(folder, WeightOptions.defaults())) {
                    Quantization read = ((QuantizedFile) file.weights()).quantization();
                    assertEquals(quantization.images(), read.images());
                    assertEquals(quantization.values(), read.values());
                    assertEquals(quantization.weights().keySet(), read.weights().keySet());
                    read.weights().forEach((name, weights) -> {
                        QuantizedWeights original = quantization.weights().get(name);
                        assertArrayEquals(original.w(), weights.w(), name);
                        assertArrayEquals(original.scales(), weights.scales(), name);
                        assertArrayEquals(original.bias(), weights.bias(), name);
                    });
                    float[] actual = InferencePlan.compile(file.network(), options, read)
                            .predict(images(spec))
                            .array();
                    assertArrayEquals(expected, actual, spec.name());
                }
            }
        }
    }

    @Test
    void weightsAreReadWhileAPlanIsCompiled() throws IOException {
        ResNetSpec spec = StreamNetworks.smallPhotographs();
        ResNet network = StreamNetworks.create(spec);
        try (Compute compute = Compute.best(3)) {
            Quantization quantization = quantization(network, compute, Set.of());
            QuantizedFolder.of(config(spec), network, quantization).save(folder);
            PlanOptions options = PlanOptions.of(spec, compute);
            try (ModelFile file = ModelFolder.open(folder, WeightOptions.defaults())) {
                Quantization open = ((QuantizedFile) file.weights()).openQuantization();
                float[] expected = InferencePlan.compile(network, options, quantization)
                        .predict(images(spec))
                        .array();
                // Threads read the weights of several layers at once.
                InferencePlan plan = InferencePlan.compile(file.network(), options, open);
                file.close();
                assertArrayEquals(expected, plan.predict(images(spec)).array());
                assertThrows(UncheckedIOException.class, open::weights);
            }
        }
    }

    @Test
    void aDamagedWeightIsNamedWhileAPlanIsCompiled() throws IOException {
        damage("conv1.weight", 7, 0.5f);
        try (Compute compute = Compute.best(2);
                ModelFile file = ModelFolder.open(folder, WeightOptions.defaults())) {
            var failure = assertThrows(
                    UncheckedIOException.class, () -> ModelPlans.compile(file, PlanOptions.of(file.spec(), compute)));
            assertTrue(
                    failure.getCause().getMessage().contains("model.safetensors: conv1.weight[7] is 0.5"),
                    failure.getCause().getMessage());
        }
    }

    @Test
    void aSavedNetworkIsAlsoOneInFloat32() throws IOException {
        ResNetSpec spec = ResNets.named("resnet20");
        ResNet network = StreamNetworks.create(spec);
        try (Compute compute = Compute.best(1)) {
            QuantizedFolder.of(config(spec), network, quantization(network, compute, Set.of()))
                    .save(folder);
            Model model = ModelFolder.load(folder);
            PlanOptions options = PlanOptions.of(spec, compute);
            float[] expected = InferencePlan.compile(network, options)
                    .predict(images(spec))
                    .array();
            float[] actual = InferencePlan.compile(model.network(), options)
                    .predict(images(spec))
                    .array();
            assertArrayEquals(expected, actual, 0.1f);
        }
        long bytes = Files.size(folder.resolve("model.safetensors"));
        assertTrue(bytes < network.parameterCount() * 1.2, bytes + " bytes");
    }

    /** Saves a small quantized network and changes a tensor of its file. */
    private void damage(String tensor, int index, float number) throws IOException {
        ResNetSpec spec = SmallNetworks.all().getFirst();
        ResNet network = StreamNetworks.create(spec);
        try (Compute compute = Compute.best(1)) {
            QuantizedFolder.of(config(spec), network, quantization(network, compute, Set.of()))
                    .save(folder);
        }
        Path path = folder.resolve("model.safetensors");
        StateDict state = SafetensorsFile.read(path).tensors();
        var changed = new StateDict();
        var bytes = new HashSet<String>();
        for (Map.Entry<String, Tensor> entry : state.tensors().entrySet()) {
            Tensor value = entry.getValue();
            if (entry.getKey().equals(tensor)) {
                if (index < 0) {
                    continue;
                }
                value = index < value.size() ? value.copy() : Tensor.zeros(Shape.of(index));
                if (index < value.size()) {
                    value.array()[index] = number;
                }
            }
            changed.put(entry.getKey(), value);
        }
        new SafetensorsFile(changed).write(path, bytes);
    }

    private String failure() {
        var failure = assertThrows(MalformedFileException.class, () -> {
            try (ModelFile file = ModelFolder.open(folder, WeightOptions.defaults())) {
                ((QuantizedFile) file.weights()).quantization();
            }
        });
        assertTrue(failure.getMessage().contains("model.safetensors"), failure.getMessage());
        return failure.reason();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        conv1.weight_scale | 3 | 0 | conv1.weight_scale[3] is 0.0, which is not a scale: a positive number
        conv1.weight_scale | 0 | NaN | conv1.weight_scale[0] is NaN, which is not a scale: a positive number
        fc.weight_scale | 1 | -1 | fc.weight_scale[1] is -1.0, which is not a scale: a positive number
        fc.weight_scale | 99 | 0 | fc.weight_scale has the shape [99], expected [5]
        layer1.0.conv1.bias | 2 | Infinity | layer1.0.conv1.bias[2] is Infinity
        layer1.0.conv1.bias | 77 | 0 | layer1.0.conv1.bias has the shape [77], expected [16]
        layer1.0.conv1.bias | -1 | 0 | there is no tensor layer1.0.conv1.bias
        layer1.0.conv1.output_scale | 0 | -2 | layer1.0.conv1.output_scale is -2.0, which is not a scale: \
        a positive number
        layer1.0.conv1.output_scale | -1 | 0 | there is no tensor layer1.0.conv1.output_scale
        input.output_zero_point | 0 | 256 | input.output_zero_point is 256.0, which is not a zero point: \
        an integer from 0 to 255
        input.output_zero_point | 0 | 1.5 | input.output_zero_point is 1.5, which is not a zero point: \
        an integer from 0 to 255
        input.output_scale | 0 | NaN | input.output_scale is NaN, which is not a scale: a positive number
        conv1.weight | 7 | 300 | conv1.weight[7] is 300.0, which is not an integer of 8 bits
        conv1.weight | 7 | 0.5 | conv1.weight[7] is 0.5, which is not an integer of 8 bits
        conv1.weight | -1 | 0 | there is no tensor conv1.weight
        """)
    void aDamagedFieldIsNamed(String tensor, int index, float number, String reason) throws IOException {
        damage(tensor, index, number);
        assertEquals(reason, failure());
    }

    @Test
    void weightsOfAnotherShapeAreNotThoseOfTheNetwork() throws IOException {
        damage("conv1.weight", 12_345, 0);
        assertTrue(failure().startsWith("these are not the weights of "));
    }

    @Test
    void descriptionAndWeightsHaveToAgree() throws IOException {
        damage("none", 0, 0);
        Path config = folder.resolve("config.json");
        String text = Files.readString(config, StandardCharsets.UTF_8);
        Files.writeString(config, text.replaceFirst(",\\s*\"quantization\" : \"int8\"", ""));
        assertEquals("its weights are quantized, but config.json does not say so", failure());
        Files.writeString(config, text.replace("\"int8\"", "\"int4\""));
        var failure = assertThrows(MalformedFileException.class, () -> ModelFolder.load(folder));
        assertEquals("quantization must be int8, got int4", failure.reason());
        Files.writeString(config, text);
        damage("conv1.weight_scale", -1, 0);
        assertTrue(failure().startsWith("these are not the weights of "));
    }
}
