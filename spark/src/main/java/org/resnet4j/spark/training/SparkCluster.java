package org.resnet4j.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.run.Cluster;
import org.resnet4j.run.TrainedPart;
import org.resnet4j.run.TrainingJob;

/** The executors of a Spark application, with the samples of a run. */
public final class SparkCluster implements Cluster {
    /** The name of the data in messages and in the settings of a run. */
    private static final String SOURCE = "spark";

    private final JavaSparkContext spark;
    private final SampleTable train;
    private final SampleTable validation;
    private final boolean heldOut;
    private final Options options;

    /**
     * The ranks.
     *
     * @param ranks the number of ranks; null for one on each executor, but at most one for each shard
     * @param timeout the longest silence of a rank; null for {@code spark.network.timeout}
     * @param acceptsClearText true to exchange gradients unencrypted where the application encrypts its own traffic
     * @param remarks receives remarks for display
     */
    public record Options(
            @Nullable Integer ranks, @Nullable Duration timeout, boolean acceptsClearText, Consumer<String> remarks) {}

    /**
     * The names of the columns.
     *
     * @param content encoded pictures
     * @param label class names
     * @param origin where a picture comes from
     */
    public record Columns(String content, String label, String origin) {}

    private SparkCluster(
            JavaSparkContext spark, SampleTable train, SampleTable validation, boolean heldOut, Options options) {
        this.spark = spark;
        this.train = train;
        this.validation = validation;
        this.heldOut = heldOut;
        this.options = options;
    }

    /**
     * Reads the rows of a run.
     *
     * @param validation the validation set; null to hold out a tenth of each class
     * @param seed the seed for the choice of what is held out
     * @throws InvalidDatasetException if the rows cannot be trained on
     */
    public static SparkCluster of(
            Dataset<Row> train, @Nullable Dataset<Row> validation, Columns columns, long seed, Options options)
            throws InvalidDatasetException {
        SparkSession session = train.sparkSession();
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        requireSuitable(spark.getConf(), options);
        SampleTable table = SampleTable.of(train, columns);
        if (validation != null) {
            SampleTable other = SampleTable.of(validation, columns);
            if (!other.classes().equals(table.classes())) {
                throw new InvalidDatasetException(
                        SOURCE,
                        "the classes of training " + table.classes() + " and validation " + other.classes()
                                + " differ");
            }
            return new SparkCluster(spark, table, other, false, options);
        }
        var numbered = new NumberedSamples(table.classes(), table.labels());
        DatasetSplits splits = Datasets.holdOut(
                SOURCE,
                numbered,
                DatasetProfile.photographs(),
                DatasetOptions.defaults(Path.of("cache")).withSeed(seed));
        return new SparkCluster(
                spark,
                table.subset(NumberedSamples.numbers(splits.train())),
                table.subset(NumberedSamples.numbers(splits.validation())),
                true,
                options);
    }

    private static void requireSuitable(SparkConf conf, Options options) {
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            throw new IllegalArgumentException(
                    "training needs a fixed number of executors: set spark.dynamicAllocation.enabled to false");
        }
        for (String setting : List.of(
                "spark.authenticate", "spark.network.crypto.enabled", "spark.ssl.enabled", "spark.ssl.rpc.enabled")) {
            if (conf.getBoolean(setting, false) && !options.acceptsClearText()) {
                throw new IllegalArgumentException(setting + " is on, but gradients travel between the executors"
                        + " unencrypted; accept this explicitly if the network is trusted"
                        + " (acceptClearText, --accept-clear-text)");
            }
        }
    }

    /** Returns the data as a run on the driver sees it. */
    public DatasetSplits splits() {
        return new DatasetSplits(
                SOURCE,
                new SampleDataset(train),
                new SampleDataset(validation),
                heldOut,
                DatasetProfile.photographs(),
                List.of());
    }

    @Override
    public TrainedPart open(TrainingJob job) throws IOException {
        Integer asked = options.ranks();
        int ranks = asked != null ? asked : Math.min(job.shards(), executors());
        if (ranks < 1 || ranks > job.shards()) {
            throw new IOException(job.shards() + " shards need 1 to " + job.shards() + " ranks, got " + ranks);
        }
        var cluster = new BarrierRunner.Cluster(ranks, timeout(), options.remarks());
        return new SparkPart(spark, job, train, validation, cluster);
    }

    private int executors() {
        // The driver is listed, too.
        return Math.max(1, spark.sc().statusTracker().getExecutorInfos().length - 1);
    }

    private Duration timeout() {
        Duration asked = options.timeout();
        return asked != null
                ? asked
                : Duration.ofSeconds(JavaUtils.timeStringAsSec(spark.getConf().get("spark.network.timeout", "120s")));
    }
}
