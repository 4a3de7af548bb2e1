package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFunctionsTest {
    @TempDir
    private static Path folder;

    private static String model;

    private SparkSession spark;

    @BeforeAll
    static void saveModel() throws Exception {
        model = Samples.model(folder.resolve("model"), 7).toString();
    }

    @BeforeEach
    void start() {
        spark = Sessions.local();
    }

    @Test
    void theFunctionGivesTheBitsOfTheTransformer() {
        Dataset<Row> pictures = Samples.dataset(spark, Samples.rows(20), 2);
        pictures.createOrReplaceTempView("pictures");
        ImageFunctions.register(
                spark, "score", model, "prediction", "probability", "error", "logits", "embedding", "top");
        List<Row> expected = new ImageScorer()
                .setModel(model)
                .setDropInput(true)
                .setLogitsCol("logits")
                .setEmbeddingCol("embedding")
                .setTopCol("top")
                .transform(pictures)
                .orderBy("path")
                .collectAsList();
        List<Row> actual = spark.sql("SELECT path, score(content) AS r FROM pictures")
                .selectExpr("path", "r.*")
                .orderBy("path")
                .collectAsList();
        assertEquals(expected, actual);
    }

    @Test
    void withoutFeaturesItDiffersInTheLastDigitsAtMost() {
        Dataset<Row> pictures = Samples.dataset(spark, Samples.rows(20), 2);
        pictures.createOrReplaceTempView("pictures");
        ImageFunctions.register(spark, "score", model);
        List<Row> expected = new ImageScorer()
                .setModel(model)
                .transform(pictures)
                .orderBy("path")
                .collectAsList();
        List<Row> actual = spark.sql("SELECT path, score(content) AS r FROM pictures")
                .selectExpr("path", "r.*")
                .orderBy("path")
                .collectAsList();
        assertEquals(20, actual.size());
        for (int i = 0; i < actual.size(); i++) {
            assertEquals(
                    expected.get(i).<String>getAs("prediction"), actual.get(i).getAs("prediction"));
            assertEquals(
                    expected.get(i).<Float>getAs("probability"), actual.get(i).<Float>getAs("probability"), 1e-6f);
        }
    }

    @Test
    void aQueryScoresAPictureOnceForAllFieldsAndFilters() {
        Samples.dataset(spark, Samples.rows(3), 1).createOrReplaceTempView("few");
        ImageFunctions.register(spark, "score_once", model);
        Dataset<Row> results = spark.sql("SELECT path, r.prediction, r.probability"
                + " FROM (SELECT path, score_once(content) AS r FROM few) WHERE r.error IS NULL");
        String plan = results.queryExecution().optimizedPlan().toString();
        assertEquals(2, plan.split("score_once\\(", -1).length, plan);
    }

    @Test
    void nullGivesNullAndABadPictureItsReason() {
        ImageFunctions.register(spark, "classify", model);
        List<Row> rows = List.of(
                RowFactory.create("0", Samples.png(0)),
                RowFactory.create("1", null),
                RowFactory.create("2", new byte[0]));
        Samples.dataset(spark, rows, 1).createOrReplaceTempView("mixed");
        List<Row> results = spark.sql("SELECT classify(content) AS r FROM mixed ORDER BY path")
                .collectAsList();
        Row good = results.get(0).getStruct(0);
        assertEquals(
                List.of("prediction", "probability", "error"),
                List.of(good.schema().fieldNames()));
        assertTrue(Samples.LABELS.contains(good.getString(0)));
        assertNull(good.get(2));
        assertNull(results.get(1).get(0));
        Row bad = results.get(2).getStruct(0);
        assertNull(bad.get(0));
        assertNull(bad.get(1));
        assertNotNull(bad.get(2));
    }

    @Test
    void manyThreadsMayCallTheFunctionOfOneTask() throws Exception {
        var read = DriverModel.read(model, spark.sparkContext().hadoopConfiguration(), null);
        var function = new PictureFunction(read.broadcast(spark.sparkContext()), List.of(OutputColumn.PROBABILITY), 5);
        Row expected = function.call(Samples.png(3));
        Callable<Row> call = () -> function.call(Samples.png(3));
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var answer : threads.invokeAll(List.of(call, call, call, call))) {
                assertEquals(expected, answer.get());
            }
        }
    }

    @Test
    void mistakesAreRejected() {
        assertMessage("there is no such folder", folder + "/none");
        assertMessage("no result named label; the results are prediction, probability, error", model, "label");
        assertMessage("a field is named twice", model, "error", "error");
        ImageFunctions.register(spark, "of_bytes", model);
        Dataset<Row> text = spark.sql("SELECT of_bytes('a.jpg') AS r");
        Throwable failure = assertThrows(SparkException.class, text::collectAsList);
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        assertTrue(failure.getMessage().contains("which is binary"), failure.getMessage());
    }

    private void assertMessage(String expected, String path, String... columns) {
        var failure =
                assertThrows(IllegalArgumentException.class, () -> ImageFunctions.register(spark, "f", path, columns));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }
}
