package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingPlan;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.report.Batching;
import org.resnet4j.cli.report.DataLook;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code inspect data} command, which looks at a dataset without training. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = {
            "Look at a dataset as train would use it: pictures per class and part, files that are not used, copies,"
                    + " classes with few pictures, and the accuracy of guessing.",
            "No picture is decoded."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect data photos/",
            "  resnet4j inspect data photos.zip --labels-csv labels.csv --json"
        })
final class DataCommand implements Callable<Integer> {
    private static final int MAX_BATCH = 65_536;
    private static final int MIN_IMAGE_SIZE = 8;
    private static final int MAX_IMAGE_SIZE = 2048;

    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "SOURCE", description = "Labeled images, as --data of train.")
    private String source;

    @Option(
            names = "--validation",
            paramLabel = "SOURCE",
            description = "Validation data (default: the validation part, or a tenth of each class, held out).")
    private @Nullable String validation;

    @Option(names = "--labels-csv", paramLabel = "FILE", description = "Classes of the pictures, as for train.")
    private @Nullable Path labels;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Images per batch (default: the number that train would choose).")
    private @Nullable Integer batchSize;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Side of the network's input in pixels, as for train: the batch size depends on it.")
    private @Nullable Integer imageSize;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed for the held-out pictures (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private CommonOptions common;

    DataCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (batchSize != null) {
            Range.check(command, "--batch-size", batchSize, 1, MAX_BATCH);
        }
        if (imageSize != null) {
            Range.check(command, "--image-size", imageSize, MIN_IMAGE_SIZE, MAX_IMAGE_SIZE);
        }
        try (DatasetSplits splits = open()) {
            TrainingPlan plan = plan(splits);
            DataLook look = DataLook.at(splits, new Batching(plan.batchSize(), batchSize != null, 1));
            if (common.json()) {
                console.print(Json.write(look.toJson()));
            } else {
                look.numbers().forEach(console::tell);
                int size = plan.transform().inputSize();
                console.tell("images of " + size + "x" + size + " pixels for the network"
                        + (imageSize == null
                                ? "; with --weights or --image-size, train may choose other batches"
                                : ""));
                look.warnings().forEach(line -> console.tell("note: " + line));
            }
        }
        return ExitCode.DONE.code();
    }

    /** Returns the plan of a run of train. */
    private TrainingPlan plan(DatasetSplits splits) {
        TrainingRun.Builder run = TrainingRun.on(splits);
        if (imageSize != null) {
            run.imageSize(imageSize);
        }
        if (batchSize != null) {
            run.batchSize(batchSize);
        }
        return run.plan();
    }

    private DatasetSplits open() throws IOException {
        var options =
                DatasetOptions.defaults(CacheFolder.find()).withSeed(seed).withProgress(new DownloadLine(console));
        if (labels != null && validation != null) {
            throw new ParameterException(command.commandLine(), "--labels-csv and --validation are mutually exclusive");
        }
        if (labels != null) {
            return Datasets.openLabeled(source, labels, options);
        }
        return validation == null ? Datasets.open(source, options) : Datasets.open(source, validation, options);
    }
}
