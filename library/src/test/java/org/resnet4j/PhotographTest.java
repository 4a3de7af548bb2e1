package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.pytorch.Closeness.assertSummary;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/** The whole path: from a JPEG file and a folder with timm's {@code config.json} to the scores that timm computes. */
class PhotographTest {
    /** Relative to the score or, where it is small, to the root mean square of the scores. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private static Path folder;

    @TestFactory
    Stream<DynamicTest> scoresOfAPictureFileAreTimms() throws IOException {
        Path picture = folder.resolve("scene.jpg");
        try (InputStream in =
                Objects.requireNonNull(PhotographTest.class.getResourceAsStream("/pytorch/scene.jpg"), "scene.jpg")) {
            Files.copy(in, picture);
        }
        return PyTorchFixture.read("photo").children("networks").stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.text("name"), () -> {
                    write(fixture);
                    float[] logits = logits(picture);
                    assertEquals(1000, logits.length);
                    assertSummary(fixture.toString(), fixture.child("logits"), logits.length, logits, TOLERANCE);
                }));
    }

    /**
     * Replaces the model of the network before, without forcing it to the disk as a save does: for these gigabytes, that
     * takes longer than all computation.
     */
    private static void write(PyTorchFixture fixture) throws IOException {
        var network = StreamNetworks.create(ResNets.named(fixture.text("name")));
        Path weights = folder.resolve(ModelFolder.WEIGHTS);
        Files.deleteIfExists(weights);
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            new SafetensorsFile(ResNetState.stateDict(network)).write(channel, Set.of());
        }
        Files.writeString(folder.resolve(ModelFolder.CONFIG), fixture.json("config"));
    }

    private static float[] logits(Path picture) throws IOException {
        var answers = new ArrayList<float[]>();
        try (var classifier = ImageClassifier.builder().model(folder).threads(2).build()) {
            classifier.predictFiles(List.of(picture), outcome -> {
                switch (outcome) {
                    case FilePrediction.Answer answer ->
                        answers.add(answer.prediction().logits());
                    case FilePrediction.Unreadable unreadable -> throw new AssertionError(unreadable.problem());
                }
            });
        }
        return answers.getFirst();
    }
}
