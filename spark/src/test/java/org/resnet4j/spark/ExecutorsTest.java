package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Scoring in processes of their own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExecutorsTest {
    private static final int PARTITIONS = 8;
    private static final int DOOMED = 5;

    @TempDir
    private Path folder;

    private SparkSession spark;
    private ImageScorer scorer;

    @BeforeEach
    void start() throws IOException {
        spark = Sessions.cluster();
        scorer = new ImageScorer()
                .setModel(Samples.model(folder.resolve("model"), 7).toString())
                .setDropInput(true)
                .setLogitsCol("logits")
                .setEmbeddingCol("embedding");
    }

    /** A report of the executor's state: process, loads of models, threads of this library. */
    private record Report() implements MapPartitionsFunction<Row, String> {
        @Override
        public Iterator<String> call(Iterator<Row> rows) {
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("resnet4j"))
                    .count();
            String report = ProcessHandle.current().pid() + " " + ExecutorModels.loads() + " " + threads;
            return Collections.singletonList(report).iterator();
        }
    }

    /** A task that, in one partition, writes its process into a file and waits to be killed, unless there is the file. */
    private record Doom(String file) implements MapPartitionsFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows) throws Exception {
            if (TaskContext.getPartitionId() == DOOMED && !Files.exists(Path.of(file))) {
                Path part = Path.of(file + ".part");
                Files.writeString(part, Long.toString(ProcessHandle.current().pid()));
                Files.move(part, Path.of(file), StandardCopyOption.ATOMIC_MOVE);
                TimeUnit.MINUTES.sleep(2);
            }
            return rows;
        }
    }

    private Dataset<Row> pictures() {
        List<Row> rows = Samples.rows(70);
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, PARTITIONS), Samples.SCHEMA);
    }

    private static String digest(Dataset<Row> scored) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        List<String> rows =
                scored.collectAsList().stream().map(Row::toString).sorted().toList();
        assertEquals(70, rows.size());
        rows.forEach(row -> digest.update(row.getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    @Order(1)
    void anExecutorLoadsAModelOnceAndHasNoThreadOfOurs() throws Exception {
        String first = digest(scorer.transform(pictures()));
        assertEquals(first, digest(scorer.transform(pictures())));
        List<String> reports = pictures()
                .mapPartitions(new Report(), Encoders.STRING())
                .distinct()
                .collectAsList();
        assertEquals(2, reports.size(), reports.toString());
        for (String report : reports) {
            assertTrue(report.endsWith(" 1 0"), reports.toString());
        }
    }

    @Test
    @Order(2)
    void aKilledExecutorChangesNoBit() throws Exception {
        String expected = digest(scorer.transform(pictures()));
        Path doomed = folder.resolve("doomed");
        Dataset<Row> input = pictures();
        Dataset<Row> scored =
                scorer.transform(input.mapPartitions(new Doom(doomed.toString()), Encoders.row(input.schema())));
        try (var threads = Executors.newSingleThreadExecutor()) {
            var actual = threads.submit(() -> digest(scored));
            while (!Files.exists(doomed) && !actual.isDone()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            ProcessHandle executor =
                    ProcessHandle.of(Long.parseLong(Files.readString(doomed))).orElseThrow();
            assertNotEquals(ProcessHandle.current(), executor);
            executor.destroyForcibly();
            assertEquals(expected, actual.get());
            assertFalse(executor.isAlive());
        }
    }
}
