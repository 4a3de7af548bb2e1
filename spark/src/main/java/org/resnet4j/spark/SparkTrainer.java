package org.resnet4j.spark;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingRun;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.spark.training.SparkCluster;
import org.resnet4j.training.TrainingRecipe;

/**
 * Training on the executors of a Spark application: exact synchronous SGD, with the same bits for any number of
 * executors and for a single machine.
 *
 * <p>Each batch is divided into shards ({@link org.resnet4j.training.TrainingRecipe#withShards}), of which every
 * executor computes some. The driver holds the weights, measures, and writes the models, metrics and checkpoints to a
 * local folder, as a run on one machine does. A round that lost an executor is repeated.
 *
 * {@snippet class="org.resnet4j.spark.snippets.FirstJobs" region="train"}
 */
public final class SparkTrainer {
    /** The default number of images in a batch, over all executors. */
    static final int BATCH_SIZE = 128;

    /** The default number of shards of a batch. */
    static final int SHARDS = 4;

    private final Dataset<Row> train;
    private @Nullable Dataset<Row> validation;
    private String inputCol = "content";
    private String labelCol = "label";
    private String originCol = "path";
    private long seed;
    private @Nullable Integer ranks;
    private @Nullable Duration timeout;
    private boolean acceptsClearText;
    private Consumer<String> remarks = _ -> {};

    private SparkTrainer(Dataset<Row> train) {
        this.train = train;
    }

    /**
     * Returns a trainer.
     *
     * @param train the training set: encoded pictures with labels and origins, as {@link PictureFiles#toParquet} writes
     *     them
     */
    public static SparkTrainer on(Dataset<Row> train) {
        return new SparkTrainer(train);
    }

    /** Sets the validation set. By default, a tenth of each class is held out. */
    public SparkTrainer validation(Dataset<Row> rows) {
        validation = rows;
        return this;
    }

    /** Sets the name of the column of encoded pictures; by default {@code content}. */
    public SparkTrainer inputCol(String name) {
        inputCol = name;
        return this;
    }

    /** Sets the name of the column of class names; by default {@code label}. */
    public SparkTrainer labelCol(String name) {
        labelCol = name;
        return this;
    }

    /**
     * Sets the name of the column that tells where a picture comes from; by default {@code path}. The samples of a class
     * are in the order of this column.
     */
    public SparkTrainer originCol(String name) {
        originCol = name;
        return this;
    }

    /** Sets the seed for the choice of what is held out; by default 0. */
    public SparkTrainer seed(long chosen) {
        seed = chosen;
        return this;
    }

    /**
     * Sets the number of tasks that compute at the same time, each with {@code spark.task.cpus} threads; by default the
     * number of executors, at most that of the shards. The result does not depend on it.
     */
    public SparkTrainer ranks(int count) {
        ranks = count;
        return this;
    }

    /** Sets the longest time without a sign of life of a rank; by default {@code spark.network.timeout}. */
    public SparkTrainer timeout(Duration longest) {
        timeout = longest;
        return this;
    }

    /**
     * Accepts that gradients travel between the executors unencrypted although the application authenticates or encrypts
     * its own traffic. Otherwise such an application is rejected.
     */
    public SparkTrainer acceptClearText() {
        acceptsClearText = true;
        return this;
    }

    /** Sets a listener for remarks, each a line for display. */
    public SparkTrainer remarks(Consumer<String> listener) {
        remarks = listener;
        return this;
    }

    /**
     * Reads the rows and returns the builder of a run on them, with the settings and defaults of a run on one machine,
     * but batches of 128 images in 4 shards.
     *
     * @throws InvalidDatasetException if there are no rows, or one has no label, or the classes of the sets differ
     * @throws IllegalArgumentException if a column is missing or has another type, or the application cannot train: with
     *     dynamic allocation, or with encryption that the exchange of gradients does not have
     */
    public TrainingRun.Builder builder() throws InvalidDatasetException {
        requireColumns(train);
        if (validation != null) {
            requireColumns(validation);
        }
        var options = new SparkCluster.Options(ranks, timeout, acceptsClearText, remarks);
        SparkCluster cluster = SparkCluster.of(
                train, validation, new SparkCluster.Columns(inputCol, labelCol, originCol), seed, options);
        return TrainingRun.on(cluster.splits())
                .cluster(cluster)
                .batchSize(BATCH_SIZE)
                .recipe(TrainingRecipe.sgd().withShards(SHARDS))
                .remarks(remarks);
    }

    private void requireColumns(Dataset<Row> rows) {
        requireColumn(rows, inputCol, DataTypes.BinaryType);
        requireColumn(rows, labelCol, DataTypes.StringType);
        requireColumn(rows, originCol, DataTypes.StringType);
    }

    private static void requireColumn(Dataset<Row> rows, String name, DataType type) {
        if (!List.of(rows.columns()).contains(name)) {
            throw new IllegalArgumentException(
                    "there is no column " + name + "; the columns are " + String.join(", ", rows.columns()));
        }
        DataType actual = rows.schema().apply(name).dataType();
        if (!actual.equals(type)) {
            throw new IllegalArgumentException("the column " + name + " must be of type " + type.simpleString()
                    + ", but is of type " + actual.simpleString());
        }
    }
}
