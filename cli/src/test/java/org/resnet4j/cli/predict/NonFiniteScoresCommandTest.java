package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;

class NonFiniteScoresCommandTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path picture;

    @BeforeEach
    void paint() throws IOException {
        data = Cli.pictures(folder.resolve("data"), 4, 0);
        picture = data.resolve("dark").resolve("0.png");
    }

    private Path save(ResNet network) throws IOException {
        var transform = EvaluationTransform.ofCropPct(8, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        List<String> labels = List.of("dark", "light", "striped").subList(0, network.classes());
        ModelFolder.save(folder.resolve("model"), new Model(network, labels, transform));
        return folder.resolve("model");
    }

    private static ResNet network(int classes) {
        return ResNet.create(ResNets.named("resnet8").withClasses(classes).withImages(8, 3), 3);
    }

    private Path damagedModel() throws IOException {
        ResNet network = network(3);
        var state = ResNetState.stateDict(network);
        state.get("layer2.0.conv1.weight").array()[5] = Float.NaN;
        ResNetState.load(network, state);
        return save(network);
    }

    /** Asserts exit code 1, a message that names the network and the picture, and no output that resembles a result. */
    private static void assertRefuses(String place, Object... arguments) {
        Cli cli = Cli.run(arguments);
        assertEquals(1, cli.code(), cli.out() + cli.err());
        String message = String.valueOf(cli.error().get("message"));
        assertTrue(message.contains("not finite"), message);
        assertTrue(message.contains(place), message);
        assertFalse(cli.out().contains("NaN\""), cli.out());
        assertFalse(cli.out().contains("top1"), cli.out());
    }

    @Test
    void everyCommandRefusesScoresThatAreNotFinite() throws IOException {
        Path model = damagedModel();
        assertRefuses("dark/0.png", "evaluate", model, "--data", data, "--json");
        assertRefuses(picture.toString(), "predict", model, picture, "--json", "--logits", "--embedding");
        assertRefuses(picture.toString(), "predict", model, data.resolve("dark"), "--json");
        Path page = folder.resolve("page.html");
        assertRefuses("dark/0.png", "inspect", "errors", model, "--data", data, "-o", page, "--json");
        assertRefuses(picture.toString(), "inspect", "explain", model, picture, "-o", page, "--json");
        assertRefuses(model.toString(), "inspect", "gradients", model, "--data", data, "-o", page, "--json");
        assertFalse(Files.exists(page));
        Cli trained = Cli.run(
                "train",
                "--data",
                data,
                "--weights",
                model,
                "--output",
                folder.resolve("new"),
                "--batch-size",
                4,
                "--epochs",
                1,
                "--json");
        assertEquals(1, trained.code(), trained.err());
        trained = Cli.run(
                "train",
                "--data",
                data,
                "--weights",
                model,
                "--output",
                folder.resolve("head"),
                "--batch-size",
                4,
                "--epochs",
                1,
                "--json",
                "--freeze",
                "backbone");
        assertEquals(1, trained.code(), trained.err());
        assertTrue(trained.err().contains("not finite"), trained.err());
    }

    @Test
    void aNetworkWithOneOutputIsRefused() throws IOException {
        Path model = save(network(1));
        for (List<Object> words : List.<List<Object>>of(
                List.of("predict", model, picture, "--json"),
                List.of("evaluate", model, "--data", data, "--json"),
                List.of("inspect", "errors", model, "--data", data, "-o", folder.resolve("e.html"), "--json"),
                List.of("inspect", "explain", model, picture, "-o", folder.resolve("e.html"), "--json"))) {
            Cli cli = Cli.run(words.toArray());
            assertEquals(3, cli.code(), cli.out() + cli.err());
            String message = String.valueOf(cli.error().get("message"));
            assertTrue(message.contains("one output"), message);
        }
    }

    @Test
    void jsonHasNullWhereANumberIsNotFinite() {
        assertEquals(
                "{\"a\":[null,1.5],\"b\":null}",
                Json.write(new TreeMap<>(Map.of("a", List.of(Double.NaN, 1.5), "b", Float.POSITIVE_INFINITY))));
    }
}
