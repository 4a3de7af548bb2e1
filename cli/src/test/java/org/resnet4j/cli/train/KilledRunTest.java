package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

/** Tests of real processes that are killed at random moments or run to their end. */
class KilledRunTest {
    private static final int KILLS = 12;
    private static final int KILLS_WITH_FROZEN_BACKBONE = 3;

    /** The moments of death, as shares of the time of a run that is left alone. */
    private static final double EARLIEST = 0.1;

    private static final double LATEST = 0.6;

    @TempDir
    private Path folder;

    private Process start(Path log, Object... arguments) throws IOException {
        return new ProcessBuilder(Cli.quickProcessOf(arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static void finish(Process process, Path log) throws IOException, InterruptedException {
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the run must end");
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    private static List<byte[]> results(Path model) throws IOException {
        return List.of(
                Files.readAllBytes(model.resolve("model.safetensors")),
                Files.readAllBytes(model.resolve("last").resolve("model.safetensors")),
                Files.readAllBytes(model.resolve("config.json")));
    }

    @Test
    void runKilledManyTimesAtRandomMomentsEndsWithTheSameBytes() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 20, 0);
        runKilled(
                KILLS,
                "--data",
                data,
                "--model",
                "resnet8",
                "--epochs",
                8,
                "--batch-size",
                6,
                "--threads",
                1,
                "--ema",
                0.9,
                "--mixup",
                0.2,
                "--checkpoint-seconds",
                1);
    }

    @Test
    void runWithFrozenBackboneKilledAtRandomMomentsEndsWithTheSameBytes() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 20, 0);
        Path first = folder.resolve("first");
        Cli trained = Cli.run(
                "train", "--data", data, "--model", "resnet8", "--epochs", 1, "--output", first, "--threads", 1);
        assertEquals(0, trained.code(), trained.err());
        runKilled(
                KILLS_WITH_FROZEN_BACKBONE,
                "--data",
                data,
                "--weights",
                first,
                "--freeze",
                "backbone",
                "--augmentation",
                "flip",
                "--epochs",
                100,
                "--batch-size",
                6,
                "--threads",
                1,
                "--ema",
                0.9,
                "--checkpoint-seconds",
                1);
    }

    private void runKilled(int wanted, Object... options) throws Exception {
        Path log = Files.createFile(folder.resolve("log"));
        Path whole = folder.resolve("whole");
        long began = System.nanoTime();
        finish(start(log, with(options, whole)), log);
        double nanos = System.nanoTime() - began;
        List<byte[]> expected = results(whole);

        var random = new Random();
        int kills = 0;
        int runs = 0;
        while (kills < wanted) {
            Path model = folder.resolve("killed" + runs++);
            boolean complete = false;
            while (!complete) {
                // A run that was killed before it had stored its arguments has nothing to resume.
                boolean begun = Files.exists(model.resolve("arguments.json"));
                Process process = start(log, begun ? with(options, model, "--resume") : with(options, model));
                long moment = (long) (nanos * random.nextDouble(EARLIEST, LATEST));
                boolean ended = kills < wanted && process.waitFor(moment, TimeUnit.NANOSECONDS);
                if (!ended && kills < wanted) {
                    process.destroyForcibly().waitFor();
                    kills++;
                } else {
                    finish(process, log);
                    complete = true;
                }
            }
            List<byte[]> actual = results(model);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), actual.get(i), "after " + kills + " kills");
            }
        }
    }

    private static Object[] with(Object[] options, Path output, Object... more) {
        var arguments = new ArrayList<Object>(List.of("train", "--output", output));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(more));
        return arguments.toArray();
    }

    @Test
    void interruptedRunWritesItsCheckpointAndSaysHowToGoOn() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 20, 0);
        Path log = Files.createFile(folder.resolve("log"));
        Path model = folder.resolve("model");
        Process process = start(
                log,
                "train",
                "--data",
                data,
                "--epochs",
                10_000,
                "--output",
                model,
                "--threads",
                1,
                "--batch-size",
                9,
                "--checkpoint-seconds",
                0);
        while (!Files.readString(log).contains("epoch 1/")) {
            assertTrue(process.isAlive(), Files.readString(log));
            Thread.sleep(50);
        }

        process.destroy();

        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertTrue(Files.readString(log).contains("--resume"), Files.readString(log));
        assertEquals(2, Files.readString(log).split("interrupted", -1).length, "the message must appear once");
        assertTrue(Files.exists(model.resolve("checkpoint.safetensors")));
    }
}
