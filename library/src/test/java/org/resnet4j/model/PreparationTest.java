package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/** What a network gets to see of a picture, against timm and torchvision: every bit. */
class PreparationTest {
    private static final PyTorchFixture FIXTURE = PyTorchFixture.read("preparation");

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> everyBitIsThatOfTimmAndTorchvision() throws IOException {
        var pictures = new ArrayList<Image>();
        for (PyTorchFixture size : FIXTURE.children("sizes")) {
            pictures.add(picture(size.integer("width"), size.integer("height")));
        }
        var files = new ArrayList<Image>();
        for (String file : FIXTURE.texts("files")) {
            files.add(ImageDecoder.decode(resource(file), file));
        }
        return FIXTURE.children("configurations").stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.text("name"), () -> {
                    EvaluationTransform transform = read(fixture.json("config")).transform();
                    assertInputs(fixture.numbers("pictures"), pictures, transform);
                    if (fixture.numbers("files").length > 0) {
                        assertInputs(fixture.numbers("files"), files, transform);
                    }
                }));
    }

    private static void assertInputs(double[] expected, List<Image> pictures, EvaluationTransform transform) {
        assertEquals(expected.length, pictures.size());
        float[] input = new float[transform.inputLength()];
        for (int i = 0; i < expected.length; i++) {
            Image picture = pictures.get(i);
            transform.write(picture, input, 0);
            String what = "picture " + i + ", " + picture.width() + " x " + picture.height();
            assertEquals((long) expected[i], checksum(input), what);
        }
    }

    private static long checksum(float[] values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        var checksum = new CRC32();
        checksum.update(bytes);
        return checksum.getValue();
    }

    /** Slopes that wrap around, and noise. */
    private static Image picture(int width, int height) {
        byte[] samples = new byte[width * height * 3];
        long stream = width * 10_000L + height;
        for (int i = 0; i < samples.length; i++) {
            int slopes = (i % 3 + 2) * (i / 3 % width) + 3 * (i / 3 / width);
            samples[i] = (byte) (slopes / 2 + (int) ((UniformStream.at(stream, i) + 1) * 32));
        }
        return new Image(width, height, 3, samples);
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream in = Objects.requireNonNull(PreparationTest.class.getResourceAsStream("/" + path), path)) {
            return in.readAllBytes();
        }
    }

    private ModelConfig read(String config) throws IOException {
        return ModelConfig.read(Files.writeString(folder.resolve(ModelFolder.CONFIG), config));
    }

    @TestFactory
    Stream<DynamicTest> weightsWithoutADescriptionGetTheUsualPreparationOfTheirName() {
        PyTorchFixture usual = FIXTURE.child("usual");
        return usual.keys().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    PyTorchFixture expected = usual.child(name);
                    EvaluationTransform actual = UsualPreparation.transform(ResNets.named(name));
                    assertEquals(expected.integer("resize"), actual.resizeSize());
                    assertEquals(expected.integer("input"), actual.inputSize());
                    assertEquals(
                            expected.text("interpolation"),
                            actual.interpolation().name().toLowerCase(Locale.ROOT));
                    assertEquals(
                            new Normalization(floats(expected.numbers("mean")), floats(expected.numbers("std"))),
                            actual.normalization());
                }));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void theUsualPreparationIsKnownForEveryNetworkForPhotographs() {
        for (String name : ResNets.names()) {
            boolean photographs = ResNets.named(name).imageSize() > 64;
            if (photographs && !name.startsWith("plain")) {
                assertTrue(FIXTURE.child("usual").keys().contains(name), name);
            }
        }
    }

    @Test
    void imageSizeOfTheCallerAndSmallNetworksAreLeftAlone() {
        EvaluationTransform changed =
                UsualPreparation.transform(ResNets.named("resnet101d").withImages(128, 1));
        assertEquals(
                EvaluationTransform.ofCropPct(128, 0.95, Interpolation.BICUBIC, Normalization.uniform(1, 0.5f, 0.5f))
                        .keepingMatching(),
                changed);
        EvaluationTransform small = UsualPreparation.transform(ResNets.named("resnet20"));
        assertEquals(new EvaluationTransform(32, 32, Interpolation.BILINEAR, Normalization.IMAGENET, true), small);
    }

    @Test
    void networkOfAFileOfWeightsIsForImagesOfTheUsualSize() throws IOException {
        var shallow = ResNets.named("resnet101d").toBuilder()
                .depths(List.of(1, 1, 1, 1))
                .classes(2)
                .build();
        Path file = folder.resolve("weights.safetensors");
        new SafetensorsFile(ResNetState.stateDict(ResNet.create(shallow, 1))).write(file);

        Model model = ModelFolder.load(file, WeightOptions.defaults().withNetwork(shallow));

        assertEquals(256, model.transform().inputSize());
        assertEquals(256, model.network().spec().imageSize());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "crop_mode must be center; \"crop_mode\": \"squash\"",
                "crop_mode must be center; \"crop_mode\": \"border\"",
                "interpolation must be one of; \"interpolation\": \"hamming\"",
                "two equal sides; \"input_size\": [3, 224, 192]",
                "for 3 channels; \"input_size\": [1, 224, 224]",
                "for 1 channels; \"mean\": [0.5], \"std\": [0.5]",
            })
    void whatWouldBeSeenOtherwiseThanByTimmIsRefusedWithTheReason(String reason, String key) {
        var refused = assertThrows(
                MalformedFileException.class,
                () -> read("{\"architecture\": \"resnet18\", \"pretrained_cfg\": {" + key + "}}"));
        assertTrue(refused.reason().contains(reason), refused.reason());
    }

    @Test
    void argumentsThatMakeAnotherNetworkOfTheNameAreRefused() throws IOException {
        read("{\"architecture\": \"resnet18\", \"model_args\": {\"num_classes\": 1000, \"global_pool\": \"avg\"}}");
        var refused = assertThrows(
                MalformedFileException.class,
                () -> read("{\"architecture\": \"resnet18\", \"model_args\": {\"global_pool\": \"max\"}}"));
        assertTrue(refused.reason().contains("global_pool = max"), refused.reason());
    }
}
