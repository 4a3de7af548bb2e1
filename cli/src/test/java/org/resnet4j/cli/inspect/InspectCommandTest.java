package org.resnet4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

class InspectCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aNetworkAndABlockAreDrawn() throws IOException {
        Path file = folder.resolve("network.svg");
        Cli drawn = Cli.run("inspect", "draw", "resnet50", "-o", file);
        assertEquals(0, drawn.code(), drawn.err());
        assertTrue(drawn.out().contains(file.toString()), drawn.out());
        assertTrue(Files.readString(file).contains("7x7 conv, 64, stride 2"));

        Path block = folder.resolve("block.svg");
        Cli opened = Cli.run(
                "inspect", "draw", "resnet50", "--block", "layer2.0", "-o", block, "--image-size", 64, "--json");
        assertEquals(0, opened.code(), opened.err());
        assertEquals("resnet50-layer2.0", opened.json().get("name"));
        assertTrue(Files.readString(block).contains("16 × 16 × 256"));
    }

    @Test
    void nothingIsReplacedUnlessAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.svg"), "mine");
        Cli refused = Cli.run("inspect", "draw", "resnet20", "-o", file, "--json");
        assertEquals(3, refused.code());
        assertTrue(refused.err().contains("--overwrite"), refused.err());
        assertEquals("mine", Files.readString(file));
        assertEquals(
                0,
                Cli.run("inspect", "draw", "resnet20", "-o", file, "--overwrite")
                        .code());
        assertTrue(Files.readString(file).contains("<svg"));
    }

    @Test
    void wrongUsageSaysWhatIsRight() {
        Path file = folder.resolve("x.svg");
        assertFails(2, "one of draw", "inspect");
        assertFails(2, "its blocks are layer1.0", "inspect", "draw", "resnet20", "--block", "layer9.0", "-o", file);
        assertFails(2, ".svg", "inspect", "draw", "resnet20", "-o", folder.resolve("x.png"));
        assertFails(2, "--image-size", "inspect", "draw", "resnet9", "--image-size", 8, "-o", file);
        assertFails(3, "resnet19", "inspect", "draw", "resnet19", "-o", file);
        assertFails(
                1,
                "no folder",
                "inspect",
                "draw",
                "resnet20",
                "-o",
                folder.resolve("none").resolve("x.svg"));
        assertFalse(Files.exists(file));
    }

    @Test
    void gradientsAreMeasuredInANetworkAndItsPlainTwin() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path page = folder.resolve("flow.html");
        Cli measured = Cli.run(
                "inspect",
                "gradients",
                "resnet20",
                "--data",
                data,
                "--steps",
                3,
                "--batch-size",
                8,
                "-o",
                page,
                "--threads",
                1,
                "--json");
        assertEquals(0, measured.code(), measured.err());
        var ratios = (Map<?, ?>) measured.json().get("gradientFirstToLast");
        assertEquals(Set.of("resnet20", "plain20", "resnet20 without norm", "plain20 without norm"), ratios.keySet());
        assertEquals(2, ((List<?>) ratios.get("plain20")).size());
        String html = Files.readString(page);
        assertTrue(html.contains("<h1>Gradients of resnet20 and plain20</h1>"));
        assertTrue(html.contains("After 3 steps"));
        assertTrue(html.contains("means without batch normalization"), "the names of the networks are explained");
        assertTrue(html.contains("The first point is the stem"), "what the plots show beyond the factors");
        List<String> lines = Files.readAllLines(folder.resolve("flow.csv"));
        assertEquals("network,step,what,name,depth,size,gradient,update", lines.getFirst());
        // Four networks, each with two moments unless it diverged; each moment has ten signals and twenty layers with
        // weights.
        int moments = ratios.values().stream()
                .mapToInt(values -> ((List<?>) values).size())
                .sum();
        assertTrue(moments >= 6, ratios.toString());
        assertEquals(1 + moments * (10 + 20), lines.size());
        assertEquals(
                3,
                Cli.run("inspect", "gradients", "resnet20", "--data", data, "-o", page)
                        .code());
    }

    @Test
    void aNetworkThatDivergesIsMeasuredAtTheBeginningAndSaidToFail() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path page = folder.resolve("flow.html");
        Cli measured = Cli.run(
                "inspect",
                "gradients",
                "resnet20",
                "--data",
                data,
                "--steps",
                30,
                "--batch-size",
                8,
                "--learning-rate",
                10,
                "-o",
                page);
        assertEquals(0, measured.code(), measured.err());
        assertTrue(measured.out().matches("(?s).*resnet20 without norm\\R.*diverges in step \\d+.*"), measured.out());
        String html = Files.readString(page);
        assertTrue(html.contains("; training diverges in step"), html.substring(0, 3000));
        assertTrue(html.contains("After 30 steps"), "resnet20 continues");
    }

    @Test
    void gradientsOfATrainedModelStayAsTheyAre() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path model = trained(data, "--epochs", 1, "--shortcut", "B");
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        Path page = folder.resolve("trained.html");
        Cli measured = Cli.run("inspect", "gradients", model, "--data", data, "--batch-size", 8, "-o", page, "--json");
        assertEquals(0, measured.code(), measured.err());
        assertFalse(Files.readString(page).contains("After "), "no step was requested");
        assertTrue(Files.readString(page).contains("With the trained weights, the gradient of resnet"));
        assertTrue(Files.readString(page).contains("which were not trained for this structure"));
        assertArrayEquals(weights, Files.readAllBytes(model.resolve("model.safetensors")));

        Path others = Cli.pictures(folder.resolve("others"), 4, 1);
        Files.move(others.resolve("dark"), others.resolve("gloomy"));
        assertFails(3, "gloomy", "inspect", "gradients", model, "--data", others, "-o", folder.resolve("x.html"));
        assertFails(2, ".html", "inspect", "gradients", model, "--data", data, "-o", folder.resolve("x.txt"));
    }

    @Test
    void aPictureIsExplained() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path model = trained(data, "--epochs", 2, "--augmentation", "none");
        Path picture = data.resolve("striped").resolve("0.png");
        Path page = folder.resolve("why.html");
        Cli explained =
                Cli.run("inspect", "explain", model, picture, "--top", 2, "--block", "layer2.0", "-o", page, "--json");
        assertEquals(0, explained.code(), explained.err());
        var top = (List<?>) explained.json().get("top");
        assertEquals(2, top.size());
        Cli predicted = Cli.run("predict", model, picture, "--top", 2, "--json");
        var prediction = (Map<?, ?>) ((List<?>) predicted.json().get("predictions")).getFirst();
        var expected = (Map<?, ?>) ((List<?>) prediction.get("top")).getFirst();
        assertEquals(expected.get("label"), ((Map<?, ?>) top.getFirst()).get("label"));
        String html = Files.readString(page);
        // The color scale, the picture and two maps for each class, and the channels of the block.
        assertEquals(1 + 2 * 3 + 32, html.split("<img ", -1).length - 1);
        assertTrue(html.contains("<h2>Feature maps after layer2.0</h2>"));
        assertTrue(html.contains("Grad-CAM++"));
        assertTrue(html.contains("<h1>Evidence of model (resnet20) in 0.png</h1>"), "the name of the model");
        assertTrue(html.indexOf("How to read this") < html.indexOf("Evidence for "), "the explanation comes first");

        Path other = folder.resolve("x.html");
        assertFails(
                2, "its blocks are layer1.0", "inspect", "explain", model, picture, "--block", "layer9.0", "-o", other);
        assertFails(3, "--overwrite", "inspect", "explain", model, picture, "-o", page);
        assertFails(3, "none.png", "inspect", "explain", model, folder.resolve("none.png"), "-o", other);
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        assertFails(3, "text.png", "inspect", "explain", model, text, "-o", other);
        assertFails(3, "none", "inspect", "explain", folder.resolve("none"), picture, "-o", other);
        assertFalse(Files.exists(other));
    }

    @Test
    void errorsAreCountedAsEvaluateCountsThem() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path model = trained(data, "--epochs", 1, "--augmentation", "none");
        Path others = Cli.pictures(folder.resolve("others"), 14, 50);
        Files.writeString(others.resolve("dark").resolve("broken.png"), "no picture");
        Cli evaluated = Cli.run("evaluate", model, "--data", others, "--json", "--threads", 1);
        Path page = folder.resolve("errors.html");
        Cli errors = Cli.run("inspect", "errors", model, "--data", others, "-o", page, "--json");
        assertEquals(0, errors.code(), errors.err());
        int samples = ((Number) errors.json().get("samples")).intValue();
        int wrong = ((Number) errors.json().get("wrong")).intValue();
        assertEquals(evaluated.json().get("samples"), samples);
        assertEquals(evaluated.json().get("correct"), samples - wrong);
        assertEquals(1, errors.json().get("skipped"));
        String html = Files.readString(page);
        assertEquals(2 * Math.min(12, wrong), html.split("<img ", -1).length - 1);
        assertEquals(
                Math.min(12, wrong),
                html.split("<figcaption>evidence for [a-z]+\n", -1).length - 1,
                "each file has a line of its own");
        assertTrue(html.contains("<h2>Calibration</h2>"));

        Path other = folder.resolve("x.html");
        assertFails(3, "--overwrite", "inspect", "errors", model, "--data", others, "-o", page);
        assertFails(2, ".html", "inspect", "errors", model, "--data", others, "-o", folder.resolve("x.txt"));
        Files.move(others.resolve("dark"), others.resolve("gloomy"));
        assertFails(3, "gloomy", "inspect", "errors", model, "--data", others, "-o", other);
        assertFalse(Files.exists(other));
    }

    private Path trained(Path data, Object... more) {
        Path model = folder.resolve("model");
        var words = new ArrayList<Object>(List.of("train", "--data", data, "--output", model, "--batch-size", 8));
        words.addAll(List.of(more));
        Cli trained = Cli.run(words.toArray());
        assertEquals(0, trained.code(), trained.err());
        return model;
    }

    private static void assertFails(int code, String part, Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(code, cli.code(), cli.err());
        assertTrue(cli.err().contains(part), cli.err());
    }
}
