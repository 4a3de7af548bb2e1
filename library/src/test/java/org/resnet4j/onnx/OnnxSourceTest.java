package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Workspace;
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
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

class OnnxSourceTest {
    private static final int SIDE = 33;

    @TempDir
    private Path folder;

    private Path written(ResNet network) throws IOException {
        Path file = folder.resolve("model.onnx");
        OnnxFile.write(file, network);
        return file;
    }

    private static void assertSameTensors(StateDict expected, StateDict actual) {
        assertEquals(
                new LinkedHashSet<>(expected.tensors().keySet()),
                actual.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            Tensor other = Objects.requireNonNull(actual.get(name), name);
            assertEquals(tensor.size(), other.size(), name);
            assertArrayEquals(tensor.array(), other.array(), name);
        });
    }

    static Stream<ResNetSpec> small() {
        var specs = new ArrayList<ResNetSpec>();
        for (ShortcutOption shortcuts : ShortcutOption.values()) {
            for (BlockKind block : BlockKind.values()) {
                specs.add(Networks.spec(Stem.SMALL_IMAGE, block, StridePlacement.ON_3X3, shortcuts));
            }
        }
        for (ActivationOrder order : ActivationOrder.values()) {
            ResNetSpec spec =
                    Networks.spec(Stem.SMALL_IMAGE, BlockKind.BASIC, StridePlacement.ON_3X3, ShortcutOption.B);
            specs.add(spec.withOrder(order));
            specs.add(spec.withOrder(order).withShortcuts(ShortcutOption.SCALED));
            specs.add(spec.withOrder(order).withShortcuts(ShortcutOption.EXCLUSIVE_GATE));
        }
        specs.add(Networks.spec(Stem.IMAGENET, BlockKind.BOTTLENECK, StridePlacement.FIRST_1X1, ShortcutOption.B));
        ResNetSpec deep = Networks.spec(Stem.DEEP, BlockKind.BASIC, StridePlacement.ON_3X3, ShortcutOption.D);
        specs.add(deep.toBuilder().squeeze(2).build());
        specs.add(deep.withImages(16, 5));
        specs.add(ResNets.named("resnet20").toBuilder()
                .widths(List.of(4, 8, 8))
                .stemWidth(4)
                .order(ActivationOrder.PRE)
                .shortcuts(ShortcutOption.B)
                .build());
        for (String name : List.of("resnext50_32x4d", "resnext101_32x8d", "resnetv2_50", "wrn_40_4")) {
            specs.add(Networks.narrow(ResNets.named(name)));
        }
        return specs.stream();
    }

    @ParameterizedTest
    @MethodSource("small")
    void whatWasWrittenIsReadBitForBit(ResNetSpec spec) throws IOException {
        ResNet network = Networks.drawn(spec);
        try (OnnxSource source = OnnxSource.open(written(network), spec)) {
            assertSameTensors(ResNetState.stateDict(network), StateDict.copyOf(source));
            assertEquals(spec, source.spec());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resnet20",
                "plain20",
                "preresnet110",
                "resnet8",
                "resnet9",
                "resnet18",
                "resnet18d",
                "seresnet18"
            })
    void aNetworkOfTheCatalogueIsKnownWithoutItsName(String name) throws IOException {
        ResNetSpec spec = ResNets.named(name).withClasses(3).withImages(32, 1).toBuilder()
                .name("somebody's")
                .build();
        ResNet network = ResNet.create(spec, 5);
        try (OnnxSource source = OnnxSource.open(written(network))) {
            assertEquals(ResNets.named(name).withClasses(3).withImages(32, 1), source.spec());
            assertSameTensors(ResNetState.stateDict(network), StateDict.copyOf(source));
        }
    }

    @Test
    void thePlaceOfTheStrideIsTheFiles() throws IOException {
        ResNetSpec spec = ResNets.named("resnet50").withStridePlacement(StridePlacement.FIRST_1X1);
        Path file = written(ResNet.create(spec, 1));
        try (OnnxSource source = OnnxSource.open(file)) {
            assertEquals(spec, source.spec());
        }
        var refused =
                assertThrows(MalformedFileException.class, () -> OnnxSource.open(file, ResNets.named("resnet50")));
        assertTrue(refused.reason().contains("step layer2.0.conv1 (Conv) is not found"), refused.reason());
        assertTrue(refused.reason().contains("strides [2, 2] instead of [1, 1]"), refused.reason());
    }

    static Map<String, ResNetSpec> exported() {
        var basic = ResNetSpec.builder("basic")
                .stemWidth(64)
                .depths(List.of(1, 1, 2, 1))
                .widths(List.of(4, 4, 8, 8))
                .classes(1000);
        return Map.of(
                "basic",
                basic.build(),
                "gated",
                basic.depths(List.of(1, 1, 1, 1))
                        .stem(Stem.DEEP)
                        .stemWidth(8)
                        .shortcuts(ShortcutOption.D)
                        .squeeze(16)
                        .build(),
                "grouped",
                ResNetSpec.builder("grouped")
                        .block(BlockKind.BOTTLENECK)
                        .stemWidth(64)
                        .depths(List.of(1, 1, 1, 2))
                        .widths(List.of(8, 8, 8, 8))
                        .groups(2, 32)
                        .build(),
                "before",
                ResNetSpec.builder("before")
                        .block(BlockKind.BOTTLENECK)
                        .order(ActivationOrder.PRE)
                        .stemWidth(8)
                        .depths(List.of(1, 1, 1, 1))
                        .widths(List.of(8, 8, 8, 8))
                        .build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18-cifar", "resnet20 with shortcuts of option B"})
    void variantsOfTheCatalogAreIdentified(String name) throws IOException {
        ResNetSpec spec = ResNets.variants().stream()
                .filter(variant -> ResNets.description(variant).equals(name))
                .findFirst()
                .orElseThrow()
                .withClasses(3);
        try (OnnxSource source = OnnxSource.open(written(ResNet.create(spec, 1)))) {
            assertEquals(spec, source.spec());
        }
    }

    /** Written by {@code src/test/python/onnx_fixtures.py}. */
    @ParameterizedTest
    @CsvFileSource(resources = "/onnx/networks.csv", useHeadersInDisplayName = true)
    void whatPyTorchExportsScoresAsInPyTorch(
            String name, String network, float score0, float score1, float score2, float score3, float score4)
            throws IOException {
        Path file = fixture(name);
        try (OnnxSource source =
                OnnxSource.open(file, Objects.requireNonNull(exported().get(network)))) {
            assertEquals(5, source.spec().classes());
            assertEquals(1, source.spec().inChannels());
            ResNet loaded = ResNet.undrawn(source.spec());
            assertTrue(ResNetState.load(loaded, source).isComplete());
            float[] expected = {score0, score1, score2, score3, score4};
            assertArrayEquals(expected, scores(loaded), 1e-5f);
        }
    }

    private Path fixture(String name) throws IOException {
        for (String file : List.of(name + ".onnx", name + ".onnx.data")) {
            try (InputStream in = OnnxSourceTest.class.getResourceAsStream("/onnx/" + file)) {
                if (in != null) {
                    Files.copy(in, folder.resolve(file));
                }
            }
        }
        return folder.resolve(name + ".onnx");
    }

    private static float[] scores(ResNet network) {
        Tensor image = Tensor.zeros(1, SIDE, SIDE, 1);
        for (int i = 0; i < image.size(); i++) {
            image.array()[i] = i * 7919 % 256 / 128f - 1;
        }
        try (var workers = new Workers(1)) {
            Tensor scores = network.predict(image, new Workspace(new Compute(KernelLookup.best(), workers)));
            return Arrays.copyOf(scores.array(), scores.size());
        }
    }

    @Test
    void weightsBesideTheModelMustBeInItsFolderAndNoLink() throws IOException {
        ResNetSpec spec = Objects.requireNonNull(exported().get("basic"));
        Path model = fixture("basic-beside");
        Path data = folder.resolve("basic-beside.onnx.data");
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(data, elsewhere);
        assertRefused(model, spec, "there is no such file");
        Files.createSymbolicLink(data, elsewhere);
        assertRefused(model, spec, "basic-beside.onnx.data is a link");
        Files.delete(data);
        Files.write(data, new byte[100]);
        assertRefused(model, spec, "the file has 100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../basic-besid.onnx.data", "/etc/basic-bes.onnx.data", "..\\basic-besi.onnx.data"})
    void weightsThatLeaveTheFolderAreRefused(String location) throws IOException {
        Path model = fixture("basic-beside");
        byte[] bytes = Files.readAllBytes(model);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String changed = text.replace("basic-beside.onnx.data", location.substring(0, 22));
        assertTrue(!changed.equals(text), "the location was changed");
        Files.write(model, changed.getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(model, Objects.requireNonNull(exported().get("basic")), "in the model's folder");
    }

    private static void assertRefused(Path model, ResNetSpec spec, String reason) {
        var refused = assertThrows(MalformedFileException.class, () -> OnnxSource.open(model, spec));
        assertTrue(refused.reason().contains(reason), refused.reason());
    }
}
