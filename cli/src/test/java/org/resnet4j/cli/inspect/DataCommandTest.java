package org.resnet4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

class DataCommandTest {
    @TempDir
    private Path folder;

    /** Returns 45 dark, 15 light and 5 striped training pictures, and 6 of each class for validation. */
    private Path data() throws IOException {
        Path data = folder.resolve("data");
        Path pictures = Cli.pictures(folder.resolve("all"), 39, 0);
        Map<String, Integer> counts = Map.of("dark", 39, "light", 13, "striped", 5);
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            Path train = Files.createDirectories(data.resolve("train").resolve(count.getKey()));
            for (int i = 0; i < count.getValue(); i++) {
                Files.copy(pictures.resolve(count.getKey()).resolve(i + ".png"), train.resolve(i + ".png"));
            }
        }
        Cli.pictures(data.resolve("val"), 6, 6);
        Files.copy(data.resolve("train/dark/0.png"), data.resolve("train/light/copy.png"));
        Files.writeString(data.resolve("train/dark/a.heic"), "x");
        Files.writeString(data.resolve("train/dark/b.txt"), "x");
        Files.createFile(data.resolve("train/dark/c.png"));
        return data;
    }

    @Test
    void whatMayLowerTheAccuracyIsCountedAndNamed() throws IOException {
        Path data = data();
        Cli cli = Cli.run("inspect", "data", data, "--batch-size", 32, "--json");
        assertEquals(0, cli.code(), cli.err());
        Map<String, Object> json = cli.json();
        assertEquals(
                List.of(
                        Map.of("label", "dark", "training", 40, "validation", 6),
                        Map.of("label", "light", "training", 14, "validation", 6),
                        Map.of("label", "striped", "training", 5, "validation", 6)),
                json.get("classes"));
        assertEquals(59, json.get("training"));
        assertEquals(8.0, json.get("imbalance"));
        assertEquals(1.0 / 3, (double) json.get("guess"), 1e-12);
        assertEquals(1, json.get("steps"));
        assertEquals(27, json.get("leftOut"));
        assertEquals(1, json.get("unreadable"));
        assertEquals(Map.of(".heic, not supported", 1, ".txt", 1, "empty", 1), json.get("otherFiles"));
        Map<?, ?> copies = (Map<?, ?>) json.get("copies");
        assertEquals(1, copies.get("acrossClasses"));
        assertTrue((int) copies.get("acrossParts") > 0, copies.toString());

        Cli text = Cli.run("inspect", "data", data, "--batch-size", 32);
        for (String line : List.of(
                "dark: 40 training, 6 validation",
                "always answering 'dark': right for 33.3 % of the validation pictures",
                "batches of 32: 1 step an epoch; each epoch leaves out 27 of 59 pictures",
                "not used: .heic, not supported: 1; .txt: 1; empty: 1",
                "note: fewer than 10 training pictures: striped (5)",
                "note: unequal classes, 8.0 to 1 (dark, striped): see --class-weights, --sampling",
                "note: 1 picture also in another class: train/dark/0.png = train/light/copy.png",
                "note: only 18 validation pictures: each is 5.6 percentage points of the accuracy",
                "note: an epoch leaves out 46 % of the pictures; --batch-size 29 would leave out 1",
                "also in the training set: train/")) {
            assertTrue(text.out().contains(line), line + " is missing in\n" + text.out());
        }
    }

    @Test
    void trainLooksAtItsDataAndChoosesABatchThatFits() throws IOException {
        Path model = folder.resolve("model");
        Cli cli = Cli.run(
                "train", "--data", data(), "--image-size", 96, "--model", "resnet8", "--epochs", 1, "--output", model);
        assertEquals(0, cli.code(), cli.err());
        assertTrue(
                cli.err().contains("batches of 29: 2 steps an epoch; each epoch leaves out 1 of 59 pictures"),
                cli.err());
        assertTrue(
                cli.err().contains("note: 1 unreadable picture: train/dark/a.heic: HEIC is not supported"), cli.err());
        assertFalse(cli.err().contains("note: an epoch leaves out"), cli.err());
        String page = Files.readString(model.resolve("report.html"));
        assertTrue(page.contains("Pictures by class") && page.contains("<td>striped</td>"), page);
    }

    @Test
    void inspectAndTrainChooseTheSameBatchesAndDoNotCriticizeThem() throws IOException {
        Path data = folder.resolve("pictures");
        Cli.pictures(data, 60, 0);
        for (List<Object> size : List.of(List.<Object>of(), List.<Object>of("--image-size", 96))) {
            var inspect = new ArrayList<Object>(List.of("inspect", "data", data));
            inspect.addAll(size);
            Path model = folder.resolve("model" + size.size());
            var train = new ArrayList<Object>(
                    List.of("train", "--data", data, "--model", "resnet8", "--epochs", 1, "--output", model));
            train.addAll(size);
            Cli look = Cli.run(inspect.toArray());
            Cli run = Cli.run(train.toArray());
            assertEquals(0, look.code(), look.err());
            assertEquals(0, run.code(), run.err());
            String batches = size.isEmpty()
                    ? "batches of 81: 2 steps an epoch"
                    : "batches of 32: 5 steps an epoch; each epoch leaves out 2 of 162 pictures";
            assertTrue(look.out().contains(batches), look.out());
            assertTrue(run.err().contains(batches), run.err());
            assertFalse(look.out().contains("--batch-size"), look.out());
            assertFalse(run.err().contains("--batch-size"), run.err());
        }
    }

    @Test
    void manyClassesOfEqualSizeAreCountedOnce() throws IOException {
        Path pictures = Cli.pictures(folder.resolve("pictures"), 4, 0);
        Path data = folder.resolve("many");
        for (int i = 0; i < 20; i++) {
            Path one = Files.createDirectories(data.resolve("class" + i));
            for (int j = 0; j < 4; j++) {
                Files.copy(pictures.resolve("dark").resolve(j + ".png"), one.resolve(j + ".png"));
            }
        }
        Cli look = Cli.run("inspect", "data", data);
        assertEquals(0, look.code(), look.err());
        assertTrue(look.out().contains("20 classes of 3 training pictures each"), look.out());
    }

    @Test
    void anEpochCountsUpdatesOfTheWeightsAsSteps() throws IOException {
        Path data = folder.resolve("pictures");
        Cli.pictures(data, 60, 0);
        Cli run = Cli.run(
                "train",
                "--data",
                data,
                "--model",
                "resnet8",
                "--epochs",
                1,
                "--batch-size",
                8,
                "--accumulate",
                3,
                "--output",
                folder.resolve("model"));
        assertEquals(0, run.code(), run.err());
        assertTrue(
                run.err().contains("batches of 8, 3 in a step: 7 steps an epoch; each epoch leaves out 2 of 162"),
                run.err());
    }

    @Test
    void aBatchSizeThatIsAskedForIsKeptWithAWarning() throws IOException {
        Cli cli = Cli.run(
                "train",
                "--data",
                data(),
                "--model",
                "resnet8",
                "--batch-size",
                32,
                "--epochs",
                1,
                "--output",
                folder.resolve("model"));
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("batches of 32"), cli.err());
        assertTrue(cli.err().contains("an epoch leaves out 46 % of the pictures"), cli.err());
    }

    @Test
    void unequalClassesAreBalancedByWeightsOrSampling() throws IOException {
        Path data = data();
        for (String option : List.of("--class-weights", "--sampling")) {
            Path model = folder.resolve("model" + option);
            Cli cli = Cli.run(
                    "train",
                    "--data",
                    data,
                    "--model",
                    "resnet8",
                    "--epochs",
                    1,
                    "--output",
                    model,
                    option,
                    "balanced");
            assertEquals(0, cli.code(), cli.err());
            String page = Files.readString(model.resolve("report.html"));
            assertTrue(page.contains(option), page);
            assertEquals(2, Cli.run("train", "--data", data, option, "equal").code());
        }
    }
}
