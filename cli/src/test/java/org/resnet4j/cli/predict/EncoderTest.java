package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.cli.Cli;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/** Weights whose classifier is missing, or is not called as usual. */
class EncoderTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path picture;

    @BeforeEach
    void pictures() throws IOException {
        data = Cli.pictures(folder.resolve("data"), 2, 0);
        picture = data.resolve("dark").resolve("0.png");
    }

    /** Writes a network with its classifier under another name; the empty name leaves it out. */
    private Path file(String classifier) throws IOException {
        var state = new StateDict();
        ResNetState.stateDict(ResNet.create(ResNets.named("resnet8").withClasses(4), 3))
                .tensors()
                .forEach((name, tensor) -> {
                    if (!name.startsWith("fc.")) {
                        state.put("net.encoder." + name, tensor);
                    } else if (!classifier.isEmpty()) {
                        state.put(classifier + name.substring(3), tensor);
                    }
                });
        Path file = folder.resolve("weights.pth");
        WeightFiles.write(file, state);
        return file;
    }

    private static Map<?, ?> prediction(Cli cli) {
        assertEquals(0, cli.code(), cli.err());
        return (Map<?, ?>) ((List<?>) cli.json().get("predictions")).getFirst();
    }

    @Test
    void embeddingOfAnEncoderIsPrintedWithoutClasses() throws IOException {
        Path encoder = file("");
        Cli cli = Cli.run("predict", encoder, picture, "--embedding");
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("no classifier, so that only the embedding can be used"), cli.err());
        assertTrue(cli.out().contains("embedding ["), cli.out());
        assertFalse(cli.out().contains("%"), cli.out());
        Map<?, ?> found = prediction(Cli.run("predict", encoder, picture, "--embedding", "--json"));
        Map<?, ?> whole = prediction(Cli.run("predict", file("net.fc."), picture, "--embedding", "--json"));
        assertEquals(whole.get("embedding"), found.get("embedding"));
        assertEquals(List.of(), found.get("top"));
        assertEquals(4, ((List<?>) whole.get("top")).size());
    }

    @Test
    void encoderIsRefusedWhereClassesAreNeeded() throws IOException {
        Path encoder = file("");
        for (Object[] line : List.<Object[]>of(
                new Object[] {"predict", encoder, picture},
                new Object[] {"predict", encoder, picture, "--embedding", "--logits"},
                new Object[] {"evaluate", encoder, "--data", data})) {
            Cli cli = Cli.run(line);
            assertEquals(3, cli.code(), cli.err());
            assertTrue(cli.err().contains("predict --embedding can use it"), cli.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linear.", "net.classification_head.", "net.head.1.", "scores."})
    void trainingStartsFromAnyClassifierWithTheNetworkOfTheTensors(String classifier) throws IOException {
        Cli cli = Cli.run(
                "train",
                "--data",
                data,
                "--weights",
                file(classifier),
                "--epochs",
                1,
                "--output",
                folder.resolve("out"));
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("has the weights of resnet8"), cli.err());
        assertTrue(cli.err().contains("the classifier is initialized anew for 3 classes"), cli.err());
    }

    @Test
    void severalLinearLayersAreRefusedAndNamed() throws IOException {
        StateDict state = WeightFiles.read(file(""));
        state.put("net.fc.0.weight", Tensor.zeros(16, 64));
        state.put("net.fc.2.weight", Tensor.zeros(4, 16));
        Path file = folder.resolve("several.pth");
        WeightFiles.write(file, state);
        Cli cli = Cli.run("predict", file, picture);
        assertEquals(3, cli.code());
        assertTrue(cli.err().contains("a classifier that does not fit (net.fc.0.weight, net.fc.2.weight)"), cli.err());
    }
}
