package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.TrainingOutput;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.Cli;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.training.TrainingRecipe;

/** Tests that a program with default settings trains the same model as the command with default options. */
class TrainingRunTwinTest {
    @TempDir
    private Path folder;

    private DatasetSplits open(Path data) throws IOException {
        return Datasets.open(data.toString(), DatasetOptions.defaults(folder.resolve("cache")));
    }

    private void assertSameModels(String one, String other) throws IOException {
        for (String file : List.of(ModelFolder.WEIGHTS, "config.json", "last/" + ModelFolder.WEIGHTS)) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve(one).resolve(file)),
                    Files.readAllBytes(folder.resolve(other).resolve(file)),
                    file);
        }
    }

    @Test
    void defaultsAreThoseOfTheCommand() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path byCommand = folder.resolve("command");
        Cli trained = Cli.run("train", "--data", data, "--output", byCommand, "--epochs", 2);
        assertEquals(0, trained.code(), trained.err());
        try (DatasetSplits splits = open(data);
                TrainingRun run = TrainingRun.on(splits)
                        .recipe(TrainingRecipe.sgd().withEpochs(2))
                        .build()) {
            run.train(folder.resolve("program"));
        }
        assertSameModels("command", "program");
    }

    @Test
    void soAreThoseOfFineTuningWithAdamW() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        assertEquals(
                0,
                Cli.run("train", "--data", data, "--output", folder.resolve("first"), "--epochs", 1)
                        .code());
        Cli tuned = Cli.run(
                "train",
                "--data",
                data,
                "--weights",
                folder.resolve("first"),
                "--optimizer",
                "adamw",
                "--epochs",
                1,
                "--output",
                folder.resolve("command"));
        assertEquals(0, tuned.code(), tuned.err());
        try (DatasetSplits splits = open(data);
                TrainingRun run = TrainingRun.on(splits)
                        .weights(StartingWeights.read(folder.resolve("first")))
                        .recipe(TrainingRecipe.adamW().withEpochs(1))
                        .build()) {
            run.train(TrainingOutput.to(folder.resolve("program")));
        }
        assertSameModels("command", "program");
    }
}
