package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    private static Path folder;

    private static String model;
    private static String pictures;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private SparkSession spark;

    @BeforeAll
    static void save() throws Exception {
        model = Samples.model(folder.resolve("model"), 7).toString();
        Path files = Files.createDirectories(folder.resolve("pictures/sub")).getParent();
        Files.write(files.resolve("1.png"), Samples.png(1));
        Files.write(files.resolve("sub/2.png"), Samples.png(2));
        Files.write(files.resolve("broken.png"), new byte[3]);
        pictures = files.toString();
    }

    @BeforeEach
    void start() {
        spark = Sessions.local();
    }

    private int run(String... arguments) {
        return Main.run(() -> spark, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private String output(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void scoreWritesTheResults() {
        String scored = output("scored");
        assertEquals(0, run("score", model, pictures, scored, "--format", "binaryFile", "--top", "2", "--logits"));
        assertEquals("3 pictures, 1 of them not readable: " + scored + "\n", out.toString());
        Dataset<Row> results = spark.read().parquet(scored);
        assertArrayEquals(
                new String[] {
                    "path", "modificationTime", "length", "prediction", "probability", "error", "logits", "top"
                },
                results.columns());
        assertEquals(2, results.filter("size(top) = 2").count());
        assertEquals(
                1, results.filter("error IS NOT NULL AND prediction IS NULL").count());

        spark.createDataFrame(Samples.rows(4), Samples.SCHEMA).write().parquet(output("input"));
        assertEquals(0, run("score", model, output("input"), scored, "--overwrite", "--keep-content"));
        assertEquals(
                4, spark.read().parquet(scored).filter("content IS NOT NULL").count());
    }

    @Test
    void exitCodesTellUsageInputAndFailureApart() {
        assertEquals(2, run());
        assertEquals(2, run("score", model));
        assertEquals(2, run("score", model, pictures, output("x"), "--batch-size", "0"));
        assertEquals(3, run("score", output("none"), pictures, output("x"), "--format", "binaryFile"));
        assertEquals(3, run("score", model, output("none"), output("x")));
        assertEquals(3, run("score", model, pictures, output("x"), "--format", "binaryFile", "--strict"));
        assertEquals(1, run("score", model, pictures, pictures, "--format", "binaryFile"));
        String[] lines = err.toString().split("\n");
        assertEquals(7, lines.length, err.toString());
        String[] expected = {
            "a command is missing",
            "Missing required parameters: 'INPUT', 'OUTPUT'",
            "--batch-size must be at least 1, got 0",
            "there is no such folder",
            "none",
            "broken.png: ",
            "already exists"
        };
        for (int i = 0; i < lines.length; i++) {
            assertTrue(lines[i].startsWith("resnet4j-spark: ") && lines[i].contains(expected[i]), lines[i]);
        }
    }

    @Test
    void helpNamesTheOptions() {
        assertEquals(0, run("score", "--help"));
        assertTrue(out.toString().contains("--batch-size"), out.toString());
        assertTrue(out.toString().contains("parquet, binaryFile"), out.toString());
    }
}
