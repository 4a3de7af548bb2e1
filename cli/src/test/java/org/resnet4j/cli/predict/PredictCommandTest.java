package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

class PredictCommandTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void saveModel() throws IOException {
        model = folder.resolve("model");
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(3).withImages(8, 3), 3);
        var transform = EvaluationTransform.ofCropPct(8, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(model, new Model(network, List.of("ant", "bee", "cow"), transform));
    }

    private static List<String> files(Cli cli) {
        return ((List<?>) cli.json().get("predictions"))
                .stream()
                        .map(entry -> String.valueOf(((Map<?, ?>) entry).get("file")))
                        .toList();
    }

    @Test
    void folderStandsForItsPicturesInTheOrderOfTheirNames() throws IOException {
        Path pictures = Cli.pictures(folder.resolve("data"), 20, 0).resolve("dark");
        Files.writeString(pictures.resolve("notes.txt"), "not a picture");
        Files.writeString(pictures.resolve(".hidden.png"), "not for us");
        Files.createDirectory(pictures.resolve("below"));

        Cli cli = Cli.run("predict", model, pictures, "--json", "--threads", 2);

        assertEquals(0, cli.code(), cli.err());
        List<String> expected = IntStream.range(0, 20)
                .mapToObj(i -> pictures.resolve(i + ".png").toString())
                .sorted()
                .toList();
        assertEquals(expected, files(cli));
    }

    @Test
    void resultsComeInTheOrderOfTheArgumentsAndUnreadableFilesAreNamed() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 18, 0);
        Path broken = Files.writeString(data.resolve("light").resolve("5.png"), "no picture");
        Path first = data.resolve("striped").resolve("3.png");

        Cli cli = Cli.run("predict", model, first, data.resolve("light"), first, "--top", 1, "--threads", 1);

        assertEquals(3, cli.code());
        assertTrue(cli.err().contains(broken.toString()), cli.err());
        List<String> named =
                cli.out().lines().filter(line -> !line.startsWith(" ")).toList();
        assertEquals(19, named.size());
        assertEquals(first.toString(), named.getFirst());
        assertEquals(first.toString(), named.getLast());
        assertTrue(!cli.out().contains(broken.toString()), cli.out());
        assertEquals(
                19,
                cli.out()
                        .lines()
                        .filter(line -> line.matches(" +[0-9.]+ % {2}(ant|bee|cow)"))
                        .count(),
                cli.out());
    }

    @Test
    void allThreeKindsOfResultComeTogetherAndAgreeForOneAndMany() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 1, 0);
        Path picture = data.resolve("dark").resolve("0.png");

        Cli one = Cli.run("predict", model, picture, "--json", "--logits", "--embedding", "--top", 3);
        Cli two = Cli.run("predict", model, picture, picture, "--json", "--logits", "--embedding", "--top", 3);

        var single = (Map<?, ?>) ((List<?>) one.json().get("predictions")).getFirst();
        var many = (Map<?, ?>) ((List<?>) two.json().get("predictions")).getLast();
        assertEquals(Set.of("file", "top", "logits", "embedding"), single.keySet());
        for (String key : List.of("logits", "embedding")) {
            List<?> expected = (List<?>) single.get(key);
            List<?> actual = (List<?>) many.get(key);
            assertEquals(key.equals("logits") ? 3 : 64, expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertEquals(
                        ((Number) expected.get(i)).doubleValue(), ((Number) actual.get(i)).doubleValue(), 1e-3, key);
            }
        }
        double sum = ((List<?>) single.get("top"))
                .stream()
                        .mapToDouble(entry -> ((Number) ((Map<?, ?>) entry).get("probability")).doubleValue())
                        .sum();
        assertEquals(1, sum, 1e-5);
    }

    @Test
    void folderWithoutPicturesEndsWith3AndTheOthersArePredicted() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path picture =
                Cli.pictures(folder.resolve("data"), 1, 0).resolve("dark").resolve("0.png");

        Cli cli = Cli.run("predict", model, empty, picture, "--json");

        assertEquals(3, cli.code());
        assertTrue(cli.err().contains(empty.toString()), cli.err());
        assertEquals(List.of(picture.toString()), files(cli));
        assertEquals(empty.toString(), cli.error().get("file"));
    }

    @Test
    void weightFileIsUsedByTheNameOfItsNetwork() throws IOException {
        Path picture =
                Cli.pictures(folder.resolve("data"), 1, 0).resolve("dark").resolve("0.png");

        Cli cli = Cli.run("predict", model.resolve("model.safetensors"), picture, "--model", "resnet20", "--json");

        assertEquals(0, cli.code(), cli.err());
        assertEquals(List.of(picture.toString()), files(cli));
    }

    @Test
    void percentagesHaveTwoDecimals() {
        assertEquals("100.00", PredictCommand.percent(1));
        assertEquals("  0.00", PredictCommand.percent(0));
        assertEquals("  0.05", PredictCommand.percent(0.0005f));
        assertEquals(" 12.35", PredictCommand.percent(0.12346f));
    }

    @Test
    void labelsOfAFileNameTheClasses() throws IOException {
        Path picture =
                Cli.pictures(folder.resolve("data"), 1, 0).resolve("dark").resolve("0.png");
        Path names = Files.writeString(folder.resolve("names.txt"), "formiga\nabelha\nvaca\n");
        Cli cli = Cli.run("predict", model, picture, "--labels", names, "--top", "3");
        assertEquals(0, cli.code(), cli.err());
        for (String name : List.of("formiga", "abelha", "vaca")) {
            assertTrue(cli.out().contains(name), cli.out());
        }
        Cli two = Cli.run(
                "predict", model, picture, "--labels", Files.writeString(folder.resolve("two.txt"), "ant\nbee\n"));
        assertEquals(3, two.code());
        assertTrue(two.err().contains(" has 3 classes, but 2 class names were given"), two.err());
        Cli twice = Cli.run(
                "predict", model, picture, "--labels", Files.writeString(folder.resolve("x.txt"), "ant\nbee\nant\n"));
        assertEquals(0, twice.code());
        assertTrue(twice.err().contains("several classes have the name ant"), twice.err());
        Cli known = Cli.run("predict", model, picture, "--labels", "cifar10");
        assertEquals(3, known.code());
        assertTrue(known.err().contains(" has 3 classes, but 10 class names were given"), known.err());
        Cli missing = Cli.run("predict", model, picture, "--labels", folder.resolve("none.txt"));
        assertEquals(3, missing.code());
        assertTrue(missing.err().contains("none.txt: no such file"), missing.err());
    }

    @Test
    void tableHasARowForEachPictureBelowAFolder() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 2, 0);
        Files.writeString(data.resolve("light").resolve("a,b.heic"), "no decoder");
        Path table = folder.resolve("answers.csv");

        Cli flat = Cli.run("predict", model, data, "--csv", table);
        assertEquals(3, flat.code());
        assertTrue(flat.err().contains("there are some in the folders below (--recursive)"), flat.err());

        Cli cli = Cli.run("predict", model, data, "--recursive", "--csv", table, "--overwrite", "--top", 2);
        assertEquals(3, cli.code(), cli.err());
        assertEquals("", cli.out());
        assertTrue(cli.err().contains("6 pictures classified, 1 row with an error: " + table + "\n"), cli.err());
        List<String> rows = Files.readAllLines(table);
        assertEquals("file,label,probability,label_2,probability_2,error", rows.getFirst());
        assertEquals(8, rows.size());
        assertTrue(
                rows.get(1).matches(data.resolve("dark/0.png") + ",(ant|bee|cow),0\\.\\d{6},(ant|bee|cow),0\\.\\d{6},"),
                rows.get(1));
        assertTrue(
                rows.stream().anyMatch(row -> row.startsWith("\"" + data.resolve("light/a,b.heic") + "\",,,,,")),
                rows.toString());

        Cli again = Cli.run("predict", model, data.resolve("dark"), "--csv", table);
        assertEquals(3, again.code());
        assertTrue(again.err().contains("--overwrite replaces it"), again.err());
    }
}
