package org.resnet4j.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingOutput;
import org.resnet4j.TrainingRun;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingRecipe;
import org.resnet4j.training.ValidationMetrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code train} command. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Train a residual network on the executors and save it as a model folder.",
            "The same options give the same network, bit for bit, on any number of executors."
        })
final class TrainCommand implements Callable<Integer> {
    /** The column of Parquet files that distinguishes training and validation set. */
    private static final String SPLIT = "split";

    private static final double PERCENT = 100;

    private final Supplier<SparkSession> session;
    private final PrintWriter out;
    private final PrintWriter err;

    private int planned;

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "DATA",
            description = "Parquet files with the columns path, content and label, and possibly split.")
    private String data;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The model folder to write, on this machine.")
    private Path output;

    @Option(
            names = "--validation",
            paramLabel = "DATA",
            description = "The validation set (default: the rows with split=validation, or a tenth of each class).")
    private @Nullable String validation;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The network (default: resnet20 for images up to 64 pixels, resnet18 for larger ones).")
    private @Nullable String model;

    @Option(
            names = "--weights",
            paramLabel = "FOLDER",
            description = "Start from the weights of a model folder on this machine.")
    private @Nullable Path weights;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Resize images to N x N pixels (default: their own size if small and equal, else 128).")
    private @Nullable Integer imageSize;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training set (default: 30).")
    private @Nullable Integer epochs;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Maximum learning rate (default: 0.1 per 128 images of a step).")
    private @Nullable Double learningRate;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Images per batch, over all executors (default: ${DEFAULT-VALUE}).")
    private int batchSize = SparkTrainer.BATCH_SIZE;

    @Option(
            names = "--shards",
            paramLabel = "S",
            description = "Equal parts of a batch, each computed by one executor (default: ${DEFAULT-VALUE}).")
    private int shards = SparkTrainer.SHARDS;

    @Option(
            names = "--ranks",
            paramLabel = "W",
            description = "Tasks that compute at the same time, at most S (default: one for each executor).")
    private @Nullable Integer ranks;

    @Option(names = "--seed", paramLabel = "N", description = "Seed for all random numbers (default: 0).")
    private long seed;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "N",
            description = "Seconds between checkpoints within an epoch, 0 for none (default: ${DEFAULT-VALUE}).")
    private int checkpointSeconds = 300;

    @Option(names = "--strict", description = "Fail at the first picture that cannot be read.")
    private boolean strict;

    @Option(names = "--resume", description = "Continue from the checkpoint in OUTPUT.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replace the model in OUTPUT.")
    private boolean overwrite;

    @Option(
            names = "--accept-clear-text",
            description = "Exchange gradients unencrypted although the application encrypts its own traffic.")
    private boolean acceptClearText;

    TrainCommand(Supplier<SparkSession> session, PrintWriter out, PrintWriter err) {
        this.session = session;
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        TrainingRecipe recipe = recipe();
        if (ranks != null && (ranks < 1 || ranks > shards)) {
            throw wrong("--ranks must be from 1 to " + shards + ", the number of shards; got " + ranks);
        }
        if (checkpointSeconds < 0) {
            throw wrong("--checkpoint-seconds must be at least 0, got " + checkpointSeconds);
        }
        String name = model;
        ResNetSpec network = name == null ? null : right(() -> ResNets.named(name));
        if (imageSize != null && imageSize < 1) {
            throw wrong("--image-size must be at least 1, got " + imageSize);
        }
        StartingWeights start = weights == null ? null : StartingWeights.read(weights);
        TrainingRun.Builder builder = builder(session.get());
        if (network != null) {
            builder.network(network);
        }
        if (start != null) {
            builder.weights(start);
        }
        if (imageSize != null) {
            builder.imageSize(imageSize);
        }
        TrainingOutput files = TrainingOutput.to(output)
                .withOverwrite(overwrite)
                .withCheckpointEvery(Duration.ofSeconds(checkpointSeconds))
                .withListener(this::report);
        try (TrainingRun run = run(builder, recipe)) {
            err.println(run.plan().spec().name() + ", images of "
                    + run.plan().transform().inputSize() + " pixels, batches of " + batchSize + " in " + shards
                    + " shards");
            if (resume && !Files.exists(files.folder().checkpoint())) {
                err.println("there is no checkpoint in " + output + ": training begins with the first epoch");
            }
            TrainingOutcome outcome = resume ? run.resume(files) : run.train(files);
            int skipped = outcome.trainingSkipped().count()
                    + outcome.validationSkipped().count();
            out.println(output + (skipped == 0 ? "" : "; pictures that could not be read: " + skipped));
        } catch (FileAlreadyExistsException taken) {
            throw wrong(taken.getFile() + " already holds a model; use --overwrite, --resume or another folder");
        }
        return 0;
    }

    private TrainingRecipe recipe() {
        return right(() -> TrainingRecipe.sgd()
                .withEpochs(epochs)
                .withLearningRate(learningRate)
                .withShards(shards)
                .withSeed(seed));
    }

    /** Returns a value that is made of options, whose errors are those of the usage. */
    private <T> T right(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException refused) {
            throw wrong(String.valueOf(refused.getMessage()));
        }
    }

    private TrainingRun.Builder builder(SparkSession spark) throws IOException {
        SparkTrainer trainer = trainer(spark);
        try {
            return trainer.builder();
        } catch (IllegalArgumentException refused) {
            throw wrong(String.valueOf(refused.getMessage()));
        }
    }

    private TrainingRun run(TrainingRun.Builder builder, TrainingRecipe recipe) throws IOException {
        try {
            return builder.batchSize(batchSize).recipe(recipe).strict(strict).build();
        } catch (IllegalArgumentException refused) {
            throw wrong(String.valueOf(refused.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private SparkTrainer trainer(SparkSession spark) {
        Dataset<Row> all = spark.read().parquet(data);
        boolean split = List.of(all.columns()).contains(SPLIT);
        SparkTrainer trainer = SparkTrainer.on(
                        split ? all.where(functions.col(SPLIT).equalTo("train")) : all)
                .seed(seed)
                .remarks(err::println);
        if (validation != null) {
            trainer.validation(spark.read().parquet(validation));
        } else if (split) {
            trainer.validation(all.where(functions.col(SPLIT).equalTo("validation")));
        }
        if (ranks != null) {
            trainer.ranks(ranks);
        }
        return acceptClearText ? trainer.acceptClearText() : trainer;
    }

    private void report(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            planned = started.epochs();
        }
        if (event instanceof TrainingEvent.EpochCompleted completed) {
            ValidationMetrics measured = completed.metrics().validation();
            err.println(String.format(
                    Locale.ROOT,
                    "epoch %d/%d: loss %.3f, %.0f images/s%s",
                    completed.metrics().epoch(),
                    planned,
                    completed.metrics().trainLoss(),
                    completed.metrics().imagesPerSecond(),
                    measured == null
                            ? ""
                            : String.format(Locale.ROOT, "; validation %.2f %%", PERCENT * measured.top1())));
        }
    }
}
