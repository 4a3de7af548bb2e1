package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static List<String> workloads(Options options) {
        return options.workloads().stream()
                .map(workload -> workload.name() + ":" + workload.batch())
                .toList();
    }

    @Test
    void predictionTakesEveryModelWithEveryBatch() {
        Options options = Options.parse(Task.PREDICTION, "--models", "resnet18,resnet34", "--batches", "1,4");
        assertEquals(List.of("resnet18:1", "resnet18:4", "resnet34:1", "resnet34:4"), workloads(options));
    }

    @Test
    void aBatchOfItsOwnReplacesTheBatches() {
        Options options = Options.parse(Task.PREDICTION, "--models", "resnet20:8,resnet18");
        assertEquals(List.of("resnet20:8", "resnet18:1", "resnet18:16"), workloads(options));
    }

    @Test
    void trainingTakesTheUsualBatches() {
        Options options = Options.parse(Task.TRAINING);
        assertEquals(List.of("resnet20:128", "resnet56:128", "resnet18:16", "resnet50:16"), workloads(options));
        assertEquals(Profile.Detail.PARTS, options.profile());
        assertTrue(options.peers().isEmpty());
        assertNull(options.csv());
        assertNull(options.profileCsv());
    }

    @Test
    void everyOptionIsRead() {
        Options options = Options.parse(
                Task.TRAINING, "--threads", "2,1", "--rounds", "3", "--peers", "resnet4j,djl", "--csv", "figures.csv");
        assertEquals(List.of(2, 1), options.threads());
        assertEquals(3, options.rounds());
        assertEquals(List.of("resnet4j", "djl"), options.peers());
        assertEquals(Path.of("figures.csv"), options.csv());
    }

    @Test
    void bothTasksTakeThePythonOfPyTorch() {
        assertEquals(PyTorch.DEFAULT_PYTHON, Options.parse(Task.PREDICTION).python());
        for (Task task : Task.values()) {
            assertEquals(
                    "venv/bin/python",
                    Options.parse(task, "--python", "venv/bin/python").python());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--rounds, many, --rounds: not a number: many",
        "--threads, 0, '--threads must be at least 1, got 0'",
        "--models, resnet18:none, --models: not a number: none",
        "--batches, -1, '--batches must be at least 1, got -1'",
        "--profile, parts, --profile is for train only",
        "--precision, 'float32,int4', '--precision must be float32, int8, bf16 or several of them, got int4'",
        "--round, 1, unknown option --round"
    })
    void whatCannotBeUnderstoodIsRefusedByName(String option, String value, String message) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Options.parse(Task.PREDICTION, option, value));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void predictionTakesNumberFormats() {
        assertEquals(List.of(Precision.FLOAT32), Options.parse(Task.PREDICTION).precisions());
        assertEquals(
                List.of(Precision.INT8, Precision.FLOAT32),
                Options.parse(Task.PREDICTION, "--precision", "int8,float32,int8")
                        .precisions());
    }

    @Test
    void trainingTakesFloatsOnly() {
        assertEquals(
                List.of(Precision.FLOAT32, Precision.BFLOAT16),
                Options.parse(Task.TRAINING, "--precision", "float32,bf16").precisions());
        var refused =
                assertThrows(IllegalArgumentException.class, () -> Options.parse(Task.TRAINING, "--precision", "int8"));
        assertEquals("--precision of training must be float32, bf16 or both, got int8", refused.getMessage());
    }

    @Test
    void theProfileGoesBesideTheTable() {
        Options options = Options.parse(Task.TRAINING, "--profile", "layers", "--csv", "a.b/figures.csv");
        assertEquals(Profile.Detail.LAYERS, options.profile());
        assertEquals(Path.of("a.b/figures-profile.csv"), options.profileCsv());
        assertEquals(
                Path.of("a.b/figures-profile"),
                Options.parse(Task.TRAINING, "--csv", "a.b/figures").profileCsv());
        var refused =
                assertThrows(IllegalArgumentException.class, () -> Options.parse(Task.TRAINING, "--profile", "all"));
        assertEquals("--profile must be none, parts or layers, got all", refused.getMessage());
    }

    @Test
    void anOptionWithoutValueIsRefused() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Options.parse(Task.PREDICTION, "--csv"));
        assertEquals("--csv needs a value", refused.getMessage());
    }
}
