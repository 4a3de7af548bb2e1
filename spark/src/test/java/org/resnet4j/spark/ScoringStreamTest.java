package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringStreamTest {
    private static final int BEFORE = 8;
    private static final int AFTER = 11;

    @TempDir
    private Path folder;

    @Test
    void aStreamGoesOnFromItsCheckpointWithoutLossOrRepetition() throws Exception {
        SparkSession spark = Sessions.local();
        String model = Samples.model(folder.resolve("model"), 7).toString();
        arrive(0, BEFORE);
        StreamingQuery first =
                scoring(spark, model).trigger(Trigger.ProcessingTime(0)).start();
        while (first.isActive() && first.recentProgress().length == 0) {
            Thread.sleep(20);
        }
        first.stop();
        assertTrue(first.exception().isEmpty(), () -> first.exception().get().toString());
        arrive(BEFORE, AFTER);
        StreamingQuery second =
                scoring(spark, model).trigger(Trigger.AvailableNow()).start();
        second.awaitTermination();

        Dataset<Row> results = spark.read().parquet(folder.resolve("scored").toString());
        List<String> names = results.selectExpr("regexp_extract(path, '([^/]*)$', 1)")
                .as(Encoders.STRING())
                .collectAsList();
        assertEquals(
                IntStream.range(0, AFTER).mapToObj(i -> i + ".png").sorted().toList(),
                names.stream().sorted().toList());
        assertEquals(1, results.filter("error IS NOT NULL").count());
        assertTrue(results.inputFiles().length >= 4, "several batches");
    }

    /** Adds pictures to the folder that the stream watches; the first of all is damaged. */
    private void arrive(int from, int to) throws IOException {
        Path arriving = Files.createDirectories(folder.resolve("arriving"));
        for (int i = from; i < to; i++) {
            Files.write(arriving.resolve(i + ".png"), i == 0 ? new byte[3] : Samples.png(i));
        }
    }

    private DataStreamWriter<Row> scoring(SparkSession spark, String model) {
        Dataset<Row> pictures = spark.readStream()
                .format("binaryFile")
                .schema(PictureFiles.SCHEMA)
                .option("maxFilesPerTrigger", 2)
                .load(folder.resolve("arriving").toString());
        return new ImageScorer()
                .setModel(model)
                .setDropInput(true)
                .transform(pictures)
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .option("path", folder.resolve("scored").toString());
    }
}
