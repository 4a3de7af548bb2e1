package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.cli.Cli;
import org.resnet4j.weights.safetensors.SafetensorsFile;

class TrainCommandTest {
    @TempDir
    private Path folder;

    private Cli train(Path data, Path output, Object... more) {
        var arguments = new ArrayList<Object>(
                List.of("train", "--data", data, "--output", output, "--batch-size", 8, "--json"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private static byte[] weights(Path model) throws IOException {
        return Files.readAllBytes(model.resolve("model.safetensors"));
    }

    @Test
    void trainedModelEvaluatesAndPredicts() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path model = folder.resolve("model");

        Cli trained = train(data, model, "--epochs", 20, "--learning-rate", 0.05, "--augmentation", "none");

        assertEquals(0, trained.code(), trained.err());
        assertEquals(
                Set.of("model", "epochs", "seconds", "imagesPerSecond", "parameters", "validation", "output"),
                trained.json().keySet());
        assertEquals("resnet20", trained.json().get("model"));
        assertEquals(20, trained.json().get("epochs"));
        assertEquals(model.toString(), trained.json().get("output"));
        var validation = (Map<?, ?>) trained.json().get("validation");
        assertEquals(Set.of("top1", "top5", "loss", "samples"), validation.keySet());
        assertEquals(
                20,
                trained.err().lines().filter(line -> line.startsWith("epoch ")).count());
        assertEquals(21, Files.readAllLines(model.resolve("metrics.csv")).size());
        assertTrue(Files.exists(model.resolve("last").resolve("model.safetensors")));
        String report = Files.readString(model.resolve("report.html"));
        assertTrue(report.contains("after epoch"), "the best epoch");
        assertTrue(report.contains("<td>--optimizer</td>"), "settings");
        long samples = report.split("<img ", -1).length - 1;
        assertEquals(Math.min(18, ((Number) validation.get("samples")).longValue()), samples);

        Path others = Cli.pictures(folder.resolve("others"), 4, 50);
        Cli evaluated = Cli.run("evaluate", model, "--data", others, "--json", "--threads", 1);
        assertEquals(0, evaluated.code(), evaluated.err());
        assertEquals(
                Set.of("top1", "top5", "loss", "samples", "correct", "skipped", "imagesPerSecond"),
                evaluated.json().keySet());
        assertEquals(12, evaluated.json().get("samples"));
        double top1 = ((Number) evaluated.json().get("top1")).doubleValue();
        assertTrue(top1 > 0.9, "dark, light and striped are easy, got " + top1);

        Path striped = others.resolve("striped").resolve("0.png");
        Cli predicted =
                Cli.run("predict", model, striped, "--top", 2, "--logits", "--embedding", "--json", "--threads", 1);
        assertEquals(0, predicted.code(), predicted.err());
        var prediction = (Map<?, ?>) ((List<?>) predicted.json().get("predictions")).getFirst();
        assertEquals(striped.toString(), prediction.get("file"));
        assertEquals(3, ((List<?>) prediction.get("logits")).size());
        assertEquals(64, ((List<?>) prediction.get("embedding")).size());
        var top = (List<?>) prediction.get("top");
        assertEquals(2, top.size());
        assertEquals("striped", ((Map<?, ?>) top.getFirst()).get("label"));
        assertEquals(2, ((Map<?, ?>) top.getFirst()).get("index"));

        Cli described = Cli.run("info", model, "--json");
        assertEquals(8, described.json().get("inputSize"));
    }

    /** The second paper's shortcuts and orders, and bfloat16, from training through a saved model to a prediction. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet20-scaled|--shortcut scaled",
                "resnet20-exclusive-gate-relu-only-pre|--shortcut exclusive-gate --activation-order relu-only-pre",
                "resnet20-shortcut-gate|--shortcut shortcut-gate --recompute",
                "resnet20-dropout|--shortcut dropout --stochastic-depth 0.3 --recompute",
                "resnet20-norm-after-addition|--shortcut B --activation-order norm-after-addition",
                "resnet20-relu-before-addition|--activation-order relu-before-addition",
                "resnet20-pre|--activation-order pre",
                "resnet20|--shortcut C",
                "resnet20|--precision bf16 --ema 0.5 --clip-norm 1 --accumulate 2 --mixup 0.1 --stochastic-depth 0.1"
            })
    void othersShortcutsAndOrdersAreTrainedSavedAndRead(String name, String options) throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path model = folder.resolve("model");
        var more = new ArrayList<Object>(List.of("--epochs", 6, "--learning-rate", 0.05, "--augmentation", "none"));
        more.addAll(List.of(options.split(" ")));

        Cli trained = train(data, model, more.toArray());

        assertEquals(0, trained.code(), trained.err());
        assertEquals(name, trained.json().get("model"));
        Cli described = Cli.run("info", model, "--json");
        assertEquals(0, described.code(), described.err());
        assertEquals(name, described.json().get("name"));
        assertEquals(trained.json().get("parameters"), described.json().get("parameters"));
        Cli evaluated = Cli.run("evaluate", model, "--data", data, "--json", "--threads", 1);
        assertEquals(0, evaluated.code(), evaluated.err());
        double top1 = ((Number) evaluated.json().get("top1")).doubleValue();
        assertTrue(top1 > 0.6, "dark, light and striped are easy, got " + top1);
        Path onnx = folder.resolve("model.onnx");
        Cli converted = Cli.run("convert", model, onnx);
        assertEquals(0, converted.code(), converted.err());
        assertTrue(Files.exists(onnx));
    }

    @Test
    void unreadablePictureIsNamedAndTheOthersArePredicted() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        assertEquals(0, train(data, model, "--epochs", 1).code());
        Path text = Files.writeString(folder.resolve("text.jpg"), "no picture");

        Cli cli = Cli.run("predict", model, text, data.resolve("dark/0.png"), "--json", "--threads", 1);

        assertEquals(3, cli.code());
        assertTrue(cli.err().contains("text.jpg"), cli.err());
        assertEquals(1, ((List<?>) cli.json().get("predictions")).size());
        assertEquals(text.toString(), cli.error().get("file"));
    }

    @Test
    void sameOptionsGiveTheSameBytesWhateverTheThreads() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 8, 0);

        assertEquals(
                0,
                train(data, folder.resolve("one"), "--epochs", 2, "--threads", 1)
                        .code());
        assertEquals(
                0,
                train(data, folder.resolve("two"), "--epochs", 2, "--threads", 2)
                        .code());
        assertEquals(
                0,
                train(data, folder.resolve("other"), "--epochs", 2, "--seed", 1).code());

        assertArrayEquals(weights(folder.resolve("one")), weights(folder.resolve("two")));
        assertFalse(Arrays.equals(weights(folder.resolve("one")), weights(folder.resolve("other"))));
    }

    @Test
    void batchesOfOneImageAreRefusedWhereTheNormalizationSeesASinglePixel() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Cli cli = Cli.run(
                "train",
                "--data",
                data,
                "--output",
                folder.resolve("model"),
                "--model",
                "resnet18",
                "--image-size",
                32,
                "--batch-size",
                1,
                "--json");
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("batches of 2 or more"), cli.err());
        assertFalse(Files.exists(folder.resolve("model")));
    }

    @Test
    void aLoneImageAtTheEndOfAnEpochIsLeftOutWhereTheNetworkCannotLearnOfIt() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0); // nine training images
        Cli trained = train(data, folder.resolve("model"), "--model", "resnet18", "--image-size", 32, "--epochs", 1);
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.err().contains("a single image"), trained.err());
    }

    @Test
    void modelIsNotOverwrittenUnlessAskedFor() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        assertEquals(0, train(data, model, "--epochs", 1).code());
        byte[] before = weights(model);

        Cli again = train(data, model, "--epochs", 2);
        assertEquals(2, again.code());
        assertTrue(again.err().contains("--overwrite"), again.err());
        assertArrayEquals(before, weights(model));

        assertEquals(0, train(data, model, "--epochs", 2, "--overwrite").code());
        assertEquals(3, Files.readAllLines(model.resolve("metrics.csv")).size());
    }

    @Test
    void aFileInPlaceOfTheFolderForTensorBoardIsNamed() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path file = Files.writeString(folder.resolve("events"), "mine");
        Path model = folder.resolve("model");

        for (Path events : List.of(file, file.resolve("below"))) {
            Cli cli = train(data, model, "--epochs", 1, "--tensorboard", events);

            assertEquals(1, cli.code(), cli.err());
            assertTrue(cli.err().contains(file + ": there is a file of that name"), cli.err());
            assertFalse(Files.exists(model));
        }
    }

    @Test
    void aPortThatIsTakenLeavesNothingBehindAndAnOldRunAsItWas() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        assertEquals(0, train(data, model, "--epochs", 1).code());
        byte[] arguments = Files.readAllBytes(model.resolve("arguments.json"));
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Object[] options = {"--epochs", 2, "--live", taken.getLocalPort(), "--tensorboard", folder.resolve("events")
            };
            Cli cli = train(data, folder.resolve("other"), options);
            Cli over = train(data, model, with(options, "--overwrite"));

            assertEquals(1, cli.code(), cli.err());
            assertTrue(cli.err().contains("cannot be used"), cli.err());
            assertEquals(1, over.code(), over.err());
        }
        assertFalse(Files.exists(folder.resolve("other")));
        assertFalse(Files.exists(folder.resolve("events")));
        assertArrayEquals(arguments, Files.readAllBytes(model.resolve("arguments.json")));
        assertTrue(Files.exists(model.resolve("checkpoint.safetensors")));
        assertTrue(Files.exists(model.resolve("report.html")));
    }

    @Test
    void resumeRemembersTheOptionsAndRefusesOthers() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        assertEquals(0, train(data, model, "--epochs", 2).code());
        byte[] before = weights(model);

        Cli resumed = Cli.run("train", "--output", model, "--resume", "--json");
        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(2, resumed.json().get("epochs"));
        assertArrayEquals(before, weights(model));

        Cli other = Cli.run("train", "--output", model, "--resume", "--seed", 5, "--json");
        assertEquals(3, other.code(), other.err());
        assertTrue(other.err().contains("seed was 0 and is 5"), other.err());
    }

    @Test
    void corruptCheckpointEndsWith3AndTheModelStays() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        assertEquals(0, train(data, model, "--epochs", 1).code());
        byte[] before = weights(model);
        Path checkpoint = model.resolve("checkpoint.safetensors");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length - 5] ^= 1;
        Files.write(checkpoint, bytes);

        Cli cli = Cli.run("train", "--output", model, "--resume", "--json");

        assertEquals(3, cli.code(), cli.err());
        assertTrue(cli.err().contains("checkpoint.safetensors"), cli.err());
        assertArrayEquals(before, weights(model));
    }

    @Test
    void fineTuningTakesOverTheBackboneAndStartsTheClassifierAnew() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path first = folder.resolve("first");
        assertEquals(0, train(data, first, "--epochs", 1).code());
        Path two = folder.resolve("two");
        Cli.pictures(two, 4, 20);
        try (var files = Files.list(two.resolve("dark"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(two.resolve("dark"));

        Cli cli = train(two, folder.resolve("second"), "--epochs", 1, "--weights", first, "--freeze", "backbone");

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("the classifier is initialized anew for 2 classes"), cli.err());
    }

    @Test
    void unreadablePictureIsSkippedOrRefusedWithStrict() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 6, 0);
        Files.writeString(data.resolve("dark").resolve("bad.jpg"), "no picture");

        Cli lenient = train(data, folder.resolve("lenient"), "--epochs", 1);
        assertEquals(0, lenient.code(), lenient.err());
        assertTrue(lenient.err().contains("bad.jpg"), lenient.err());

        Cli strict = train(data, folder.resolve("strict"), "--epochs", 1, "--strict");
        assertEquals(3, strict.code(), strict.err());
        assertTrue(strict.err().contains("bad.jpg"), strict.err());
    }

    @Test
    void divergingRunEndsWith1AndSaysWhatToTry() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 8, 0);

        Cli cli = train(
                data,
                folder.resolve("model"),
                "--epochs",
                5,
                "--learning-rate",
                1000,
                "--schedule",
                "constant",
                "--weight-decay",
                10);

        assertEquals(1, cli.code(), cli.err());
        assertTrue(cli.err().contains("smaller learning rate"), cli.err());
    }

    /** Returns the names of the tensors that differ between two models. */
    private static List<String> differences(Path one, Path other) throws IOException {
        var left =
                SafetensorsFile.read(one.resolve("model.safetensors")).tensors().tensors();
        var right = SafetensorsFile.read(other.resolve("model.safetensors"))
                .tensors()
                .tensors();
        assertEquals(left.keySet(), right.keySet());
        return left.keySet().stream()
                .filter(name ->
                        !Arrays.equals(left.get(name).array(), right.get(name).array()))
                .toList();
    }

    @Test
    void frozenBackboneStaysToTheBitAndTheClassifierLearns() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path first = folder.resolve("first");
        assertEquals(0, train(data, first, "--epochs", 2).code());
        Path frozen = folder.resolve("frozen");

        Cli cli = train(
                Cli.pictures(folder.resolve("others"), 12, 30),
                frozen,
                "--epochs",
                60,
                "--learning-rate",
                0.1,
                "--weights",
                first,
                "--freeze",
                "backbone");

        assertEquals(0, cli.code(), cli.err());
        assertEquals(List.of("fc.weight", "fc.bias"), differences(first, frozen));
        assertEquals(List.of("fc.weight", "fc.bias"), differences(first, frozen.resolve("last")));
        assertTrue(cli.err().contains("are computed once and cached (10 KiB)"), cli.err());
        Cli evaluated = Cli.run("evaluate", frozen, "--data", folder.resolve("others"), "--json", "--threads", 1);
        double top1 = ((Number) evaluated.json().get("top1")).doubleValue();
        assertTrue(top1 > 0.9, "dark, light and striped are easy, got " + top1);
    }

    @Test
    void frozenTrainingGivesTheSameBytesWhateverIsKeptAndWhateverTheThreads() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 8, 0);
        Path first = folder.resolve("first");
        assertEquals(0, train(data, first, "--epochs", 1).code());
        Object[] frozen = {
            "--epochs",
            3,
            "--weights",
            first,
            "--freeze",
            "backbone",
            "--augmentation",
            "flip",
            "--ema",
            0.5,
            "--threads"
        };

        assertEquals(0, train(data, folder.resolve("one"), with(frozen, 1)).code());
        assertEquals(0, train(data, folder.resolve("two"), with(frozen, 2)).code());
        Cli without = train(data, folder.resolve("without"), with(frozen, 1, "--feature-cache", 0));
        assertEquals(0, without.code(), without.err());
        assertTrue(without.err().contains("--feature-cache"), without.err());

        assertEquals(List.of(), differences(folder.resolve("one"), folder.resolve("two")));
        assertArrayEquals(weights(folder.resolve("one/last")), weights(folder.resolve("two/last")));
        assertArrayEquals(weights(folder.resolve("one/last")), weights(folder.resolve("without/last")));
    }

    private static Object[] with(Object[] options, Object... more) {
        var all = new ArrayList<>(List.of(options));
        all.addAll(List.of(more));
        return all.toArray();
    }

    @Test
    void frozenTrainingWithMixedAndVariedPixelsComputesFeaturesInEveryEpoch() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 8, 0);
        Path first = folder.resolve("first");
        assertEquals(0, train(data, first, "--epochs", 1).code());
        Path frozen = folder.resolve("frozen");

        Cli cli = train(
                data,
                frozen,
                "--epochs",
                2,
                "--weights",
                first,
                "--freeze",
                "backbone",
                "--augmentation",
                "crop-flip",
                "--mixup",
                0.2,
                "--cutmix",
                1,
                "--color-jitter",
                "--label-smoothing",
                0.1,
                "--clip-norm",
                1,
                "--accumulate",
                2);

        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("features are computed in every epoch"), cli.err());
        assertEquals(List.of("fc.weight", "fc.bias"), differences(first, frozen.resolve("last")));
    }

    @Test
    void frozenTrainingGoesOnWithTheSameBackboneAlone() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path first = folder.resolve("first");
        assertEquals(0, train(data, first, "--epochs", 1).code());
        Path frozen = folder.resolve("frozen");
        assertEquals(
                0,
                train(data, frozen, "--epochs", 2, "--weights", first, "--freeze", "backbone")
                        .code());
        byte[] before = weights(frozen);

        Cli resumed = Cli.run("train", "--output", frozen, "--resume", "--json");
        assertEquals(0, resumed.code(), resumed.err());
        assertArrayEquals(before, weights(frozen));

        assertEquals(
                0, train(data, first, "--epochs", 2, "--overwrite", "--seed", 1).code());
        Cli other = Cli.run("train", "--output", frozen, "--resume", "--json");
        assertEquals(3, other.code(), other.err());
        assertTrue(other.err().contains("frozen was backbone crc32c:"), other.err());
    }

    @Test
    void unreadablePictureIsSkippedWithAFrozenBackbone() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 6, 0);
        Path first = folder.resolve("first");
        assertEquals(0, train(data, first, "--epochs", 1).code());
        Files.writeString(data.resolve("dark").resolve("bad.jpg"), "no picture");
        Object[] frozen = {"--epochs", 2, "--weights", first, "--freeze", "backbone"};

        Cli lenient = train(data, folder.resolve("lenient"), frozen);
        assertEquals(0, lenient.code(), lenient.err());
        assertTrue(lenient.err().contains("bad.jpg"), lenient.err());

        Cli strict = train(data, folder.resolve("strict"), with(frozen, "--strict"));
        assertEquals(3, strict.code(), strict.err());
        assertTrue(strict.err().contains("bad.jpg"), strict.err());
    }
}
