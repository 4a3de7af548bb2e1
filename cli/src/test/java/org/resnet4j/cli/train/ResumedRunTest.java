package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

/** Tests that a resumed run equals the original run or is rejected. */
class ResumedRunTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path model;

    @BeforeEach
    void paint() throws IOException {
        data = Cli.pictures(folder.resolve("data"), 6, 0);
        model = folder.resolve("model");
    }

    private Cli train(Path output, Object... more) {
        var words = new ArrayList<Object>(List.of(
                "train",
                "--data",
                data,
                "--output",
                output,
                "--batch-size",
                6,
                "--epochs",
                1,
                "--threads",
                1,
                "--json"));
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    private Cli resume(Object... more) {
        var words = new ArrayList<Object>(List.of("train", "--output", model, "--resume", "--json"));
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    private void assertRefused(String reason) throws IOException {
        byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
        Cli cli = resume();
        assertEquals(3, cli.code(), cli.err());
        assertTrue(cli.err().contains(reason), cli.err());
        assertArrayEquals(before, Files.readAllBytes(model.resolve("model.safetensors")));
    }

    @Test
    void aClassFolderThatWasRenamedIsRefused() throws IOException {
        assertEquals(0, train(model).code());
        Files.move(data.resolve("dark"), data.resolve("zdark"));
        assertRefused("classes was dark, light, striped and is light, striped, zdark");
    }

    @Test
    void picturesThatWereExchangedBetweenClassesAreRefused() throws IOException {
        assertEquals(0, train(model).code());
        Path other = data.resolve("other");
        Files.move(data.resolve("dark").resolve("1.png"), other);
        Files.move(data.resolve("light").resolve("1.png"), data.resolve("dark").resolve("1.png"));
        Files.move(other, data.resolve("light").resolve("1.png"));
        assertRefused("checksum of the contents of the training images was");
    }

    @Test
    void aPictureUnderAnotherNameIsRefused() throws IOException {
        assertEquals(0, train(model).code());
        Files.move(data.resolve("dark").resolve("1.png"), data.resolve("dark").resolve("9.png"));
        assertRefused("checksum of the names and labels of the training images was");
    }

    @Test
    void anExperimentDoesNotGoOnWithOtherData() throws IOException {
        Path experiment = folder.resolve("experiment");
        Cli begun = Cli.run(
                "experiment",
                "degradation",
                "--data",
                data,
                "--batch-size",
                6,
                "--depths",
                "20,32",
                "--epochs",
                1,
                "--output",
                experiment);
        assertEquals(0, begun.code(), begun.err());
        Files.move(data.resolve("dark"), data.resolve("zdark"));
        Cli cli = Cli.run("experiment", "degradation", "--output", experiment, "--resume");
        assertEquals(3, cli.code(), cli.err());
        assertTrue(cli.err().contains("classes was dark, light, striped"), cli.err());
    }

    @Test
    void resumingBeforeTheFirstCheckpointIsTheRunThatBegan() throws IOException {
        assertEquals(0, train(model).code());
        byte[] expected = Files.readAllBytes(model.resolve("model.safetensors"));
        byte[] arguments = Files.readAllBytes(model.resolve("arguments.json"));
        Files.delete(model.resolve("checkpoint.safetensors"));
        Files.delete(model.resolve("model.safetensors"));

        Cli other = resume("--seed", 5);
        assertEquals(2, other.code(), other.err());
        assertTrue(other.err().contains("--seed=5"), other.err());
        assertArrayEquals(arguments, Files.readAllBytes(model.resolve("arguments.json")));

        // With another number of threads, and with an original option repeated.
        Cli resumed = resume("--threads", 2, "--epochs=1");
        assertEquals(0, resumed.code(), resumed.err());
        assertArrayEquals(arguments, Files.readAllBytes(model.resolve("arguments.json")));
        assertArrayEquals(expected, Files.readAllBytes(model.resolve("model.safetensors")));
        assertEquals(0, resume().code());
    }

    @Test
    void whereNoRunBeganNothingIsTrained() {
        Cli cli = resume();
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("holds no run to resume"), cli.err());
        assertFalse(Files.exists(model));
    }

    @Test
    void kernelsOfAnotherWidthDoNotGoOn() throws Exception {
        assertEquals(0, train(model).code());
        Path log = folder.resolve("log");
        // A quick process has only the scalar kernels.
        Process process = new ProcessBuilder(Cli.quickProcessOf("train", "--output", model, "--resume"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(3, process.exitValue(), Files.readString(log));
        assertTrue(Files.readString(log).contains("kernels was vector, "), Files.readString(log));
    }

    @Test
    void twoRunsDoNotWriteToOneFolder() throws IOException {
        assertEquals(0, train(model).code());
        byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
        try (FileChannel held = FileChannel.open(model.resolve(".lock"), StandardOpenOption.WRITE);
                var lock = held.lock()) {
            assertTrue(lock.isValid());
            for (Cli cli : List.of(resume(), train(model, "--overwrite", "--seed", 3))) {
                assertEquals(1, cli.code(), cli.err());
                assertTrue(cli.err().contains("another run is writing to " + model), cli.err());
            }
        }
        assertArrayEquals(before, Files.readAllBytes(model.resolve("model.safetensors")));
        assertEquals(0, resume().code(), "the lock is released with its holder");
    }

    @Test
    void aRunInAnotherProcessKeepsTheFolderUntilItIsKilled() throws Exception {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(Cli.quickProcessOf(
                        "train",
                        "--data",
                        data,
                        "--output",
                        model,
                        "--batch-size",
                        6,
                        "--epochs",
                        100_000,
                        "--threads",
                        1))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            while (!Files.exists(model.resolve("checkpoint.safetensors"))) {
                assertTrue(process.isAlive(), Files.readString(log));
                Thread.sleep(50);
            }
            Cli cli = resume();
            assertEquals(1, cli.code(), cli.err());
            assertTrue(cli.err().contains("another run is writing to " + model), cli.err());
        } finally {
            process.destroyForcibly().waitFor();
        }
        Cli cli = train(model, "--overwrite");
        assertEquals(0, cli.code(), cli.err());
    }

    @Test
    void twoExperimentsDoNotWriteToOneFolder() throws IOException {
        Path experiment = Files.createDirectories(folder.resolve("experiment"));
        try (FileChannel held = FileChannel.open(
                        experiment.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = held.lock()) {
            assertTrue(lock.isValid());
            Cli cli = Cli.run(
                    "experiment",
                    "degradation",
                    "--data",
                    data,
                    "--batch-size",
                    6,
                    "--depths",
                    "20,32",
                    "--epochs",
                    1,
                    "--output",
                    experiment);
            assertEquals(1, cli.code(), cli.err());
            assertTrue(cli.err().contains("another run is writing to " + experiment), cli.err());
        }
    }

    @Test
    void aFinishedRunOfConstantRateIsProlongedAndEndsWithTheBitsOfALongerOne() throws IOException {
        Object[] constant = {"--schedule", "constant"};
        assertEquals(0, train(model, constant).code());
        Cli prolonged = resume("--epochs", 2);
        assertEquals(0, prolonged.code(), prolonged.err());
        assertEquals(2, prolonged.json().get("epochs"));
        Path whole = folder.resolve("whole");
        Cli cli = Cli.run(
                "train", "--data", data, "--output", whole, "--batch-size", 6, "--epochs", 2, "--schedule", "constant");
        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(
                Files.readAllBytes(whole.resolve("last/model.safetensors")),
                Files.readAllBytes(model.resolve("last/model.safetensors")));
        Cli shorter = resume("--epochs", 1);
        assertEquals(3, shorter.code(), shorter.err());
        String message = shorter.err().replaceAll("\\s+", " ");
        assertTrue(message.contains("; a run can be prolonged, but not shortened"), message);
        assertFalse(message.contains("--weights"), message);
        Cli again = resume();
        assertEquals(0, again.code(), again.err());
        assertTrue(
                again.err()
                        .contains("the run in " + model + " is complete, after epoch 2 of 2;"
                                + " --resume --epochs N, with a larger N, prolongs it"),
                again.err());
        assertFalse(again.err().contains("resuming"), again.err());
        assertEquals(2, again.json().get("epochs"));
        assertEquals(3, resume("--epochs", 1).code());
    }

    @Test
    void aScheduleThatFollowsTheEpochsSaysHowToTrainLonger() throws IOException {
        assertEquals(0, train(model).code());
        Cli cli = resume("--epochs", 2);
        assertEquals(3, cli.code(), cli.err());
        assertTrue(cli.err().contains("epochs was 1 and is 2"), cli.err());
        assertTrue(cli.err().contains("start a run from its model with --weights in another --output"), cli.err());
    }

    @Test
    void aCompleteRunSaysThatItIsCompleteAndHowToTrainLonger() throws IOException {
        assertEquals(0, train(model).code());
        Cli again = resume();
        assertEquals(0, again.code(), again.err());
        assertTrue(again.err().contains("the run in " + model + " is complete, after epoch 1 of 1;"), again.err());
        assertTrue(again.err().contains("start a run from its model with --weights in another --output"), again.err());
        assertFalse(again.err().contains("resuming"), again.err());
    }

    @Test
    void resumeStartsNothingInAFolderWithoutARun() {
        Cli cli = train(model, "--resume");
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("holds no run to resume"), cli.err());
        assertFalse(Files.exists(model));
    }

    @Test
    void dataThatWereMovedAreTakenFromTheirNewPlace() throws IOException {
        assertEquals(0, train(model).code());
        byte[] expected = Files.readAllBytes(model.resolve("last/model.safetensors"));
        Path moved = Files.move(data, folder.resolve("moved"));
        Cli cli = resume("--data", moved);
        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(expected, Files.readAllBytes(model.resolve("last/model.safetensors")));
        Files.delete(moved.resolve("dark/0.png"));
        assertEquals(3, resume("--data", moved).code());
    }

    /** The relative paths of data, output and weights are those of the folder in which the run began. */
    @Test
    void aRunGoesOnFromAnotherFolder() throws Exception {
        Path start = Files.createDirectories(folder.resolve("start"));
        Path elsewhere = Files.createDirectories(folder.resolve("some/where/else"));
        assertEquals(0, in(folder, "train", "--data", "data", "--output", "w", "--batch-size", 6, "--epochs", 1));
        Object[] begun = {
            "train", "--data", "../data", "--weights=../w", "--freeze", "backbone", "--output", "m", "--epochs", 1
        };
        assertEquals(0, in(start, begun));
        byte[] expected = Files.readAllBytes(start.resolve("m/last/model.safetensors"));
        Files.delete(start.resolve("m/last/model.safetensors"));
        assertEquals(0, in(elsewhere, "train", "--output", "../../../start/m", "--resume"));
        assertArrayEquals(expected, Files.readAllBytes(start.resolve("m/last/model.safetensors")));
    }

    private static int in(Path current, Object... arguments) throws Exception {
        Path log = current.resolve("log");
        Process process = new ProcessBuilder(Cli.quickProcessOf(arguments))
                .directory(current.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        if (process.exitValue() != 0) {
            System.err.println(Files.readString(log));
        }
        return process.exitValue();
    }
}
