package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingOutput;
import org.resnet4j.TrainingRun;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingRecipe;

@Timeout(300)
class SparkTrainerTest {
    private static final int SHARDS = 4;
    private static final int SIDE = 12;
    private static final String[] CLASSES = {"circle", "dot", "stripe"};

    @TempDir
    private static Path folder;

    private static Path pictures;
    private static byte[] expected;
    private static byte[] expectedOfOneEpoch;
    private static double expectedTop1;

    @BeforeAll
    static void trainOnThisMachine() throws IOException {
        pictures = folder.resolve("pictures");
        var random = new SplittableRandom(1);
        for (String name : CLASSES) {
            Files.createDirectories(pictures.resolve(name));
            for (int i = 0; i < 22; i++) {
                var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
                for (int p = 0; p < SIDE * SIDE; p++) {
                    image.setRGB(p % SIDE, p / SIDE, random.nextInt(1 << 24));
                }
                ImageIO.write(
                        image, "png", pictures.resolve(name).resolve(i + ".png").toFile());
            }
        }
        Files.writeString(pictures.resolve("dot").resolve("7.png"), "this is no picture");
        try (DatasetSplits data = Datasets.open(pictures.toString(), DatasetOptions.defaults(folder.resolve("cache")));
                TrainingRun run = settings(TrainingRun.on(data)).build()) {
            TrainingOutcome outcome = run.train(folder.resolve("single"));
            expectedTop1 = outcome.result().last().validation().top1();
        }
        expected = weights(folder.resolve("single"));
        Path one = folder.resolve("one epoch");
        try (DatasetSplits data = Datasets.open(pictures.toString(), DatasetOptions.defaults(folder.resolve("cache")));
                TrainingRun run = oneEpoch(TrainingRun.on(data)).build()) {
            run.train(one);
        }
        expectedOfOneEpoch = weights(one);
    }

    @AfterAll
    static void stop() {
        Sessions.stop();
    }

    private static TrainingRun.Builder settings(TrainingRun.Builder builder) {
        return builder.network(ResNets.named("resnet8"))
                .batchSize(16)
                .augmentation(Augmentation.cifar())
                .recipe(TrainingRecipe.sgd().withEpochs(2).withShards(SHARDS))
                .threads(1);
    }

    private static byte[] weights(Path model) throws IOException {
        return Files.readAllBytes(model.resolve("last").resolve("model.safetensors"));
    }

    private static Dataset<Row> rows(SparkSession spark) throws IOException {
        Path parquet = folder.resolve("parquet");
        if (!Files.exists(parquet)) {
            PictureFiles.toParquet(spark, pictures.toString(), parquet.toString());
        }
        return spark.read().parquet(parquet.toString());
    }

    private static SparkSession local(int threads) {
        return Sessions.session("local[" + threads + "]", System.getProperty("java.class.path"));
    }

    @Test
    void theBitsAreThoseOfOneMachineForAnyNumberOfRanks() throws IOException {
        SparkSession spark = local(SHARDS);
        for (int ranks = 1; ranks <= SHARDS; ranks++) {
            Path output = folder.resolve("ranks" + ranks);
            // One epoch shows the sums over ranks, two also that the state returns to them.
            boolean whole = ranks % 2 == 0;
            TrainingRun.Builder builder = SparkTrainer.on(rows(spark).repartition(ranks + 2))
                    .ranks(ranks)
                    .builder();
            try (TrainingRun run = (whole ? settings(builder) : oneEpoch(builder)).build()) {
                TrainingOutcome outcome = run.train(output);
                if (whole) {
                    assertEquals(
                            expectedTop1, outcome.result().last().validation().top1());
                }
                assertEquals(
                        1,
                        outcome.trainingSkipped().count()
                                + outcome.validationSkipped().count());
            }
            assertArrayEquals(whole ? expected : expectedOfOneEpoch, weights(output), ranks + " ranks");
        }
    }

    @Test
    void inBFloat16TheBitsAreThoseOfOneMachineToo() throws IOException {
        TrainingRecipe recipe = TrainingRecipe.sgd().withEpochs(1).withShards(SHARDS);
        TrainingRecipe narrow = recipe.withSession(recipe.session().withFormat(Tensor.Format.BFLOAT16));
        Path single = folder.resolve("bfloat16");
        try (DatasetSplits data = Datasets.open(pictures.toString(), DatasetOptions.defaults(folder.resolve("cache")));
                TrainingRun run = settings(TrainingRun.on(data)).recipe(narrow).build()) {
            run.train(single);
        }
        Path output = folder.resolve("bfloat16 on ranks");
        TrainingRun.Builder builder =
                SparkTrainer.on(rows(local(SHARDS)).repartition(3)).ranks(2).builder();
        try (TrainingRun run = settings(builder).recipe(narrow).build()) {
            run.train(output);
        }
        assertArrayEquals(weights(single), weights(output));
        assertFalse(Arrays.equals(expectedOfOneEpoch, weights(output)), "it was not computed in float32");
    }

    @Test
    void roundsEndAtCheckpointsFromWhichAnotherNumberOfRanksGoesOn() throws IOException {
        SparkSession spark = local(SHARDS);
        Path output = folder.resolve("resumed");
        var steps = new AtomicInteger();
        try (TrainingRun run =
                settings(SparkTrainer.on(rows(spark)).ranks(3).builder()).build()) {
            TrainingOutput files = TrainingOutput.to(output)
                    .withCheckpointEvery(Duration.ofMillis(1))
                    .withListener(event -> {
                        if (event instanceof TrainingEvent.CheckpointWritten && steps.incrementAndGet() == 1) {
                            throw new IOException("the driver dies");
                        }
                    });
            assertThrows(IOException.class, () -> run.train(files));
        }
        try (TrainingRun run =
                settings(SparkTrainer.on(rows(spark)).ranks(2).builder()).build()) {
            run.resume(TrainingOutput.to(output));
        }
        assertArrayEquals(expected, weights(output));
    }

    @Test
    void roundsWithinAnEpochChangeNothing() throws IOException {
        Path output = folder.resolve("rounds");
        var checkpoints = new AtomicInteger();
        try (TrainingRun run = settings(
                        SparkTrainer.on(rows(local(SHARDS))).ranks(2).builder())
                .build()) {
            run.train(TrainingOutput.to(output)
                    .withCheckpointEvery(Duration.ofMillis(1))
                    .withListener(event -> {
                        if (event instanceof TrainingEvent.CheckpointWritten) {
                            checkpoints.incrementAndGet();
                        }
                    }));
        }
        assertTrue(checkpoints.get() > 2, checkpoints + " checkpoints");
        assertArrayEquals(expected, weights(output));
    }

    @Test
    void aKilledExecutorChangesNothing() throws IOException, InterruptedException {
        SparkSession spark = Sessions.briefCluster();
        Path output = folder.resolve("cluster");
        List<String> remarks = Collections.synchronizedList(new ArrayList<>());
        var killed = new AtomicReference<ProcessHandle>();
        Thread killer = Thread.ofPlatform().daemon().unstarted(() -> killed.set(killARank(spark)));
        try (TrainingRun run = oneEpoch(SparkTrainer.on(rows(spark))
                        .ranks(2)
                        .remarks(remarks::add)
                        .builder())
                .build()) {
            run.train(TrainingOutput.to(output).withListener(event -> {
                if (event instanceof TrainingEvent.Started && killer.getState() == Thread.State.NEW) {
                    killer.start();
                }
            }));
        }
        killer.join();
        assertFalse(killed.get().isAlive());
        assertTrue(remarks.stream().anyMatch(remark -> remark.startsWith("the round is repeated")), remarks.toString());
        assertArrayEquals(expectedOfOneEpoch, weights(output));
    }

    private static TrainingRun.Builder oneEpoch(TrainingRun.Builder builder) {
        return settings(builder).recipe(TrainingRecipe.sgd().withEpochs(1).withShards(SHARDS));
    }

    /**
     * Kills an executor soon after the two ranks of the first round have begun, while their new processes still load
     * their classes.
     */
    private static ProcessHandle killARank(SparkSession spark) {
        var begun = new CountDownLatch(2);
        var listener = new SparkListener() {
            private int barrierStage = -1;

            @Override
            public void onStageSubmitted(SparkListenerStageSubmitted stage) {
                if (stage.stageInfo().name().startsWith("collect at BarrierRunner")
                        && stage.stageInfo().numTasks() == 2) {
                    barrierStage = stage.stageInfo().stageId();
                }
            }

            @Override
            public void onTaskStart(SparkListenerTaskStart task) {
                if (task.stageId() == barrierStage) {
                    begun.countDown();
                }
            }
        };
        spark.sparkContext().addSparkListener(listener);
        try {
            assertTrue(begun.await(2, TimeUnit.MINUTES), "no round began");
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
        }
        ProcessHandle executor = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();
        executor.destroyForcibly();
        return executor;
    }

    /** Runs the command and returns its exit code and what it wrote. */
    private static String command(SparkSession spark, Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(
                () -> spark,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
        return code + "\n" + out + err;
    }

    @Test
    void theCommandTrainsResumesAndRefuses() throws IOException {
        SparkSession spark = local(SHARDS);
        Object data = rows(spark).inputFiles()[0];
        Path output = folder.resolve("command");
        Object[] arguments = {
            "train", data, output, "--model", "resnet8", "--epochs", 1, "--batch-size", 16, "--shards", 2, "--ranks", 2
        };
        String first = command(spark, arguments);
        assertTrue(first.startsWith("0\n" + output + "; pictures that could not be read: 1"), first);
        assertFalse(first.contains("no checkpoint"), first);
        assertTrue(first.contains("resnet8, images of 12 pixels, batches of 16 in 2 shards\n"), first);
        assertTrue(first.contains("epoch 1/1: loss "), first);
        assertTrue(first.contains("epoch 1, batches 1 to 3: "), first);
        byte[] trained = weights(output);

        String again = command(spark, arguments);
        assertTrue(again.startsWith("2\n") && again.contains("already holds a model"), again);
        String resumed = command(
                spark,
                Stream.concat(Stream.of(arguments), Stream.of("--resume")).toArray());
        assertTrue(resumed.startsWith("0\n"), resumed);
        assertArrayEquals(trained, weights(output));

        for (String wrong : List.of(
                "--shards 0|shards must be at least 1",
                "--ranks 9|--ranks must be from 1 to 4",
                "--batch-size 30|a batch of 30 images cannot be divided into 4 equal shards",
                "--learning-rate -1|learning rate",
                "--checkpoint-seconds -1|--checkpoint-seconds")) {
            String[] parts = wrong.split("\\|", 2);
            Object[] options = Stream.concat(
                            Stream.of("train", data, folder.resolve("wrong")), Stream.of(parts[0].split(" ")))
                    .toArray();
            String refused = command(spark, options);
            assertTrue(refused.startsWith("2\n") && refused.contains(parts[1]), refused);
        }
        for (String unknown : List.of(
                "--model ResNet50|no network is named \"ResNet50\"; did you mean resnet50?",
                "--image-size 0|--image-size")) {
            String[] parts = unknown.split("\\|", 2);
            Object[] options = Stream.concat(
                            Stream.of("train", data, folder.resolve("wrong")), Stream.of(parts[0].split(" ")))
                    .toArray();
            String refused = command(spark, options);
            assertTrue(refused.startsWith("2\n") && refused.contains(parts[1]), refused);
        }
        Path missing = folder.resolve("missing");
        String noData = command(spark, "train", missing, folder.resolve("wrong"));
        assertTrue(noData.startsWith("3\n"), noData);
        String noWeights = command(spark, "train", data, folder.resolve("wrong"), "--weights", missing);
        assertTrue(noWeights.startsWith("3\n") && noWeights.contains(missing.toString()), noWeights);
        String other = command(
                spark,
                Stream.concat(Stream.of(arguments), Stream.of("--resume", "--seed", "5"))
                        .toArray());
        assertTrue(other.startsWith("3\n") && other.contains("seed was 0 and is 5"), other);
        String begun = command(
                spark,
                Stream.concat(
                                Stream.of("train", data, folder.resolve("begun"), "--resume"),
                                Stream.of(arguments).skip(3))
                        .toArray());
        assertTrue(begun.startsWith("0\n") && begun.contains("there is no checkpoint in "), begun);
        assertFalse(Files.exists(folder.resolve("wrong")));
    }

    @Test
    void errorsOfARankAreThoseOfTheRun() throws IOException {
        SparkSession spark = local(SHARDS);
        try (TrainingRun run = settings(SparkTrainer.on(rows(spark)).ranks(2).builder())
                .strict(true)
                .build()) {
            var failed = assertThrows(IOException.class, () -> run.train(folder.resolve("strict")));
            assertTrue(String.valueOf(failed.getMessage()).contains("7.png"), failed.getMessage());
            assertInstanceOf(UnreadableImageException.class, failed.getCause());
        }
        var missing = assertThrows(
                IllegalArgumentException.class,
                () -> SparkTrainer.on(rows(spark)).inputCol("picture").builder());
        assertEquals("there is no column picture; the columns are path, content, label", missing.getMessage());
        var type = assertThrows(
                IllegalArgumentException.class,
                () -> SparkTrainer.on(rows(spark)).inputCol("label").builder());
        assertEquals("the column label must be of type binary, but is of type string", type.getMessage());
        spark.sparkContext().conf().set("spark.authenticate", "true");
        try {
            var clear = assertThrows(
                    IllegalArgumentException.class,
                    () -> SparkTrainer.on(rows(spark)).builder());
            assertTrue(String.valueOf(clear.getMessage()).contains("unencrypted"), clear.getMessage());
        } finally {
            spark.sparkContext().conf().remove("spark.authenticate");
        }
    }

    @Test
    void moreRanksThanCoresAreAnErrorAndNotRepeated() throws IOException {
        SparkSession spark = local(SHARDS);
        var remarks = new ArrayList<String>();
        try (TrainingRun run = settings(SparkTrainer.on(rows(spark))
                        .ranks(2 * SHARDS)
                        .remarks(remarks::add)
                        .builder())
                .recipe(TrainingRecipe.sgd().withEpochs(2).withShards(2 * SHARDS))
                .build()) {
            var failed = assertThrows(IOException.class, () -> run.train(folder.resolve("slots")));
            assertTrue(
                    String.valueOf(failed.getMessage()).startsWith("8 ranks compute at the same time"),
                    failed.getMessage());
        }
        assertEquals(List.of(), remarks);
    }
}
