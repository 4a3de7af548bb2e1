package org.resnet4j.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.resnet4j.ImageClassifier;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A measurement of images per CPU second: the transformer and the SQL function beside a bare loop over the library, in one
 * process and in turns. The arguments are a work folder, a network, the side of its images, the number of pictures, the
 * number of rounds and a zip file or folder of pictures.
 */
final class ScoringBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int BATCH = 16;

    private ScoringBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path model = folder.resolve("model-" + arguments[1]);
        save(model, arguments[1], Integer.parseInt(arguments[2]));
        int count = Integer.parseInt(arguments[3]);
        int rounds = Integer.parseInt(arguments[4]);
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.local.dir", folder.toString())
                .getOrCreate();
        var taskNanos = new AtomicLong();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                taskNanos.addAndGet(
                        end.taskMetrics().executorCpuTime() + end.taskMetrics().executorDeserializeCpuTime());
            }
        });
        Path all = folder.resolve("all");
        if (!Files.exists(all)) {
            long start = System.nanoTime();
            long pictures = PictureFiles.toParquet(spark, arguments[5], all.toString());
            System.out.printf(
                    Locale.ROOT, "toParquet: %d pictures in %.1f s%n", pictures, (System.nanoTime() - start) / 1e9);
        }
        String some = folder.resolve("some").toString();
        spark.read()
                .parquet(all.toString())
                .limit(count)
                .coalesce(1)
                .write()
                .mode("overwrite")
                .parquet(some);
        List<byte[]> files = spark.read().parquet(some).select("content").collectAsList().stream()
                .map(row -> row.<byte[]>getAs(0))
                .toList();
        ImageFunctions.register(spark, "score", model.toString());

        var ratios = new double[2][rounds];
        var speeds = new double[3][rounds];
        for (int round = -1; round < rounds; round++) { // the first one warms up
            double bare = bare(model, files);
            Dataset<Row> pictures = spark.read().parquet(some);
            var scorer = new ImageScorer().setModel(model.toString()).setDropInput(true);
            double transformer = count / seconds(spark, taskNanos, scorer.transform(pictures));
            double function =
                    count / seconds(spark, taskNanos, pictures.selectExpr("path", "label", "score(content) AS r"));
            System.out.printf(
                    Locale.ROOT, "bare %.1f, transformer %.1f, function %.1f a second%n", bare, transformer, function);
            if (round >= 0) {
                speeds[0][round] = bare;
                speeds[1][round] = transformer;
                speeds[2][round] = function;
                ratios[0][round] = transformer / bare;
                ratios[1][round] = function / transformer;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s, medians: bare %.1f, transformer %.1f, function %.1f images per CPU second;"
                        + " transformer/bare %.3f, function/transformer %.3f%n",
                arguments[1],
                median(speeds[0]),
                median(speeds[1]),
                median(speeds[2]),
                median(ratios[0]),
                median(ratios[1]));
        spark.stop();
    }

    private static void save(Path folder, String name, int side) throws IOException {
        ResNetSpec spec = ResNets.named(name);
        var transform = EvaluationTransform.ofCropPct(side, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        List<String> labels =
                IntStream.range(0, spec.classes()).mapToObj(Integer::toString).toList();
        ModelFolder.save(folder, new Model(ResNet.create(spec, 1), labels, transform));
    }

    /** Returns images per CPU second of a loop on this thread. */
    private static double bare(Path model, List<byte[]> files) throws IOException {
        try (var classifier = ImageClassifier.builder().model(model).threads(1).build()) {
            EvaluationTransform transform = classifier.transform();
            int length = transform.inputLength();
            int size = transform.inputSize();
            var input = new float[BATCH * length];
            classifier.predict(Tensor.wrap(input, Shape.of(BATCH, size, size, 3))); // compiles
            long start = THREADS.getCurrentThreadCpuTime();
            for (int from = 0; from < files.size(); from += BATCH) {
                int batch = Math.min(BATCH, files.size() - from);
                for (int i = 0; i < batch; i++) {
                    int offset = i * length;
                    ImageDecoder.decode(files.get(from + i), "", image -> transform.write(image, input, offset));
                }
                classifier.predict(Tensor.wrap(input, Shape.of(batch, size, size, 3)));
            }
            return files.size() / ((THREADS.getCurrentThreadCpuTime() - start) / 1e9);
        }
    }

    /** Returns CPU seconds of the tasks. */
    private static double seconds(SparkSession spark, AtomicLong taskNanos, Dataset<Row> scored) throws Exception {
        spark.sparkContext().listenerBus().waitUntilEmpty();
        long before = taskNanos.get();
        scored.write().format("noop").mode("overwrite").save();
        spark.sparkContext().listenerBus().waitUntilEmpty();
        return (taskNanos.get() - before) / 1e9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
