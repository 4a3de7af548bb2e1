package org.resnet4j.spark.snippets;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingRun;
import org.resnet4j.spark.ImageFunctions;
import org.resnet4j.spark.ImageScorer;
import org.resnet4j.spark.SparkTrainer;
import org.resnet4j.training.TrainingRecipe;

/** The programs of the javadoc; comments with {@code @start} and {@code @end} mark what it shows. */
final class FirstJobs {
    private FirstJobs() {}

    static Dataset<Row> score(SparkSession spark) {
        // @start region="score"
        var pictures = spark.read().parquet("hdfs:///pictures");
        var scored = new ImageScorer()
                .setModel("hdfs:///models/pets")
                .setDropInput(true)
                .transform(pictures);
        // @end
        return scored;
    }

    static Dataset<Row> query(SparkSession spark) {
        // @start region="query"
        ImageFunctions.register(spark, "classify", "hdfs:///models/pets");
        var labels = spark.sql("SELECT path, r.prediction FROM (SELECT path, classify(content) AS r FROM pictures)");
        // @end
        return labels;
    }

    static void train(SparkSession spark) throws IOException {
        // @start region="train"
        Dataset<Row> pictures = spark.read().parquet("hdfs:///pictures");
        TrainingRecipe recipe = TrainingRecipe.sgd().withShards(4);
        try (TrainingRun run = SparkTrainer.on(pictures)
                .builder()
                .batchSize(128)
                .recipe(recipe)
                .build()) {
            TrainingOutcome outcome = run.train(Path.of("pets"));
            System.out.println(outcome.result().best());
        }
        // @end
    }
}
