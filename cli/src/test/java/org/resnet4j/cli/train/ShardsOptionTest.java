package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

class ShardsOptionTest {
    @TempDir
    private Path folder;

    @Test
    void shardsChangeTheNetworkAndAreKeptOnResume() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 8, 2);
        Path plain = train(data, "plain", 1);
        Path sharded = train(data, "sharded", 2);
        assertFalse(Arrays.equals(weights(plain), weights(sharded)));

        Cli other = Cli.run("train", "--output", sharded, "--resume", "--shards", 4);
        assertEquals(3, other.code(), other.err());
        assertTrue(other.err().contains("shards was 2 and is 4"), other.err());
    }

    private Path train(Path data, String name, int shards) {
        Path model = folder.resolve(name);
        Cli cli = Cli.run(
                "train", "--data", data, "--output", model, "--epochs", 1, "--batch-size", 8, "--shards", shards);
        assertEquals(0, cli.code(), cli.err());
        return model;
    }

    private static byte[] weights(Path model) throws IOException {
        return Files.readAllBytes(model.resolve("model.safetensors"));
    }

    @Test
    void shardsThatDoNotFitAreWrongUsage() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        Cli unequal = Cli.run("train", "--data", data, "--output", model, "--batch-size", 6, "--shards", 4);
        assertEquals(2, unequal.code(), unequal.err());
        assertTrue(unequal.err().contains("a batch of 6 images cannot be divided into 4 equal shards"), unequal.err());
        assertFalse(Files.exists(model));

        Path start = train(data, "start", 1);
        Cli frozen = Cli.run(
                "train", "--data", data, "--output", model, "--weights", start, "--freeze", "backbone", "--shards", 2);
        assertEquals(2, frozen.code(), frozen.err());
        assertTrue(frozen.err().contains("--shards has no effect with --freeze backbone"), frozen.err());
    }
}
