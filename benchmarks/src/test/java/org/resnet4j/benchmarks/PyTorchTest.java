package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisabledOnOs(OS.WINDOWS)
class PyTorchTest {
    @TempDir
    private Path folder;

    private static Peer peer(Task task, String python, Precision precision) {
        var pytorch = new PyTorch(python);
        return switch (task) {
            case PREDICTION -> pytorch.prediction(precision);
            case TRAINING -> pytorch.training(precision);
        };
    }

    private String program(String command) throws IOException {
        Path file = folder.resolve("python");
        Files.writeString(file, "#!/bin/sh\nexec " + command + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return file.toString();
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void aPythonThatDoesNotExistIsNamed(Task task) {
        try (var peer = peer(task, "/no/such/python", Precision.FLOAT32)) {
            var failure = assertThrows(BenchmarkFailedException.class, peer::describe);
            assertEquals("the process of pytorch cannot be started", failure.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void aPythonWithoutPyTorchSaysSo(Task task) throws IOException, InterruptedException {
        assumeTrue(isThere("python3"), "no python3");
        // without its packages
        String python = program("python3 -I -S \"$@\"");
        try (var peer = peer(task, python, Precision.BFLOAT16)) {
            var failure = assertThrows(BenchmarkFailedException.class, peer::describe);
            assertEquals("pytorch-bf16: ModuleNotFoundError: No module named 'torch'", failure.getMessage());
        }
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void itPredictsWithOurWeightsAndImages() throws IOException {
        List<List<String>> figures = predict("nothing", "float32,bf16");
        assertEquals(
                List.of("pytorch 400.0000", "pytorch-bf16 400.0000"),
                figures.stream().map(cells -> cells.get(4) + " " + cells.get(5)).toList());
        double inFloat32 = Double.parseDouble(figures.getFirst().getLast());
        assertTrue(inFloat32 < 1e-6, "difference " + inFloat32);
        assertFileDeleted();
    }

    @Test
    void itIsLeftOutIfItsLogitsDiffer() throws IOException {
        assertEquals(List.of(), predict("result", "float32"));
    }

    @ParameterizedTest
    @CsvSource({"load, pytorch: no such file", "time, the process of pytorch has ended or broken the protocol"})
    void aFailureIsNamed(String failsAt, String message) throws IOException {
        Prediction prediction = Prediction.of(Workload.named("resnet20").withBatch(1));
        try (var peer = new PyTorch(standIn(failsAt)).prediction(Precision.FLOAT32)) {
            var failure = assertThrows(BenchmarkFailedException.class, () -> {
                try (var session = peer.prepare(prediction, 1)) {
                    session.call();
                }
            });
            assertEquals(message, failure.getMessage());
        }
        assertFileDeleted();
    }

    /** Returns the path of a Python that is a {@link PyTorchChild}. */
    private String standIn(String failsAt) throws IOException {
        return program(ChildProcess.java(PyTorchChild.class, failsAt, log().toString()).stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ")));
    }

    private Path log() {
        return folder.resolve("log");
    }

    private void assertFileDeleted() throws IOException {
        Path file = Path.of(Files.readString(log()));
        assertFalse(Files.exists(file), file + " is left");
    }

    /** Runs the benchmark with a stand-in, and returns the cells of its figures. */
    private List<List<String>> predict(String failsAt, String precisions) throws IOException {
        Path csv = folder.resolve("figures.csv");
        Options options = Options.parse(
                Task.PREDICTION,
                "--models",
                "resnet20:2",
                "--precision",
                precisions,
                "--python",
                standIn(failsAt),
                "--threads",
                "1",
                "--rounds",
                "1",
                "--csv",
                csv.toString());
        PredictionBenchmark.of(options, List.of()).run();
        return Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> List.of(line.split(",", -1)))
                .toList();
    }
}
