package org.resnet4j.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingPlan;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.cli.shell.StoredArguments;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.resnet.ResNet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for the training and validation data. */
public final class DataOptions {
    private static final String BALANCED = "balanced";
    private static final int MIN_IMAGE_SIZE = 8;
    private static final int MAX_IMAGE_SIZE = 2048;

    @Option(
            names = "--data",
            paramLabel = "SOURCE",
            description = {
                "Training data (default: synthetic): a folder or zip with one folder of pictures per class, optionally"
                    + " below train/ and val/; a folder of CIFAR-10 or CIFAR-100 binary batches, or of IDX files;"
                    + " fashion-mnist, cifar10 or cifar100 (downloaded if necessary); or synthetic (generated images)."
            })
    private @Nullable String source;

    @Option(
            names = "--labels-csv",
            paramLabel = "FILE",
            description = "Classes of the pictures below --data, instead of class folders: a CSV file with the columns"
                    + " file and label, and optionally split (train, val, test).")
    private @Nullable Path labels;

    @Option(
            names = "--validation",
            paramLabel = "SOURCE",
            description = "Validation data (default: the validation part of --data, or a tenth of each class, held"
                    + " out).")
    private @Nullable String validation;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Resize images to N x N pixels (default: their own size if all have the same small size;"
                    + " otherwise 128, or 224 with --weights).")
    private @Nullable Integer imageSize;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Images per batch (default: 128 for small images, otherwise 32; less where the dropped last"
                    + " batch would be more than a tenth of the images).")
    private @Nullable Integer batchSize;

    @Option(
            names = "--class-weights",
            paramLabel = "NAME",
            description = "Weights of the classes in the training loss: none, or balanced, for classes of unequal size"
                    + " (default: ${DEFAULT-VALUE}).")
    private String classWeights = "none";

    @Option(
            names = "--sampling",
            paramLabel = "NAME",
            description = "Order of the training images: shuffle shows each once in an epoch; balanced draws each class"
                    + " equally often, with replacement, for classes of unequal size (default: ${DEFAULT-VALUE}).")
    private String sampling = "shuffle";

    @Option(names = "--strict", description = "Stop at the first picture that cannot be read instead of skipping it.")
    private boolean strict;

    public void check(CommandSpec command) {
        if (imageSize != null) {
            Range.check(command, "--image-size", imageSize, MIN_IMAGE_SIZE, MAX_IMAGE_SIZE);
        }
        Range.checkOneOf(command, "--sampling", sampling, List.of("shuffle", BALANCED));
        Range.checkOneOf(command, "--class-weights", classWeights, List.of("none", BALANCED));
        if (labels != null && (source == null || validation != null)) {
            throw new ParameterException(
                    command.commandLine(),
                    source == null
                            ? "--labels-csv requires --data, the folder or zip file of the pictures"
                            : "--labels-csv and --validation are mutually exclusive; a column split with train and val"
                                    + " divides the pictures");
        }
        if (batchSize != null) {
            Range.check(command, "--batch-size", batchSize, 1, 65_536);
        }
    }

    /** Returns the requested source, or synthetic images. */
    String source() {
        return source == null ? Datasets.SYNTHETIC : source;
    }

    /**
     * Opens the data.
     *
     * @param seed the seed for synthetic images and for the choice of held-out images
     * @param begun the arguments of the run that is resumed; its name of the data is kept
     */
    DatasetSplits open(long seed, Console console, StoredArguments begun) throws IOException {
        DatasetSplits opened = open(seed, console);
        return begun.typed("--data").map(opened::withSource).orElse(opened);
    }

    /**
     * Opens the data.
     *
     * @param seed the seed for synthetic images and for the choice of held-out images
     */
    public DatasetSplits open(long seed, Console console) throws IOException {
        var options =
                DatasetOptions.defaults(CacheFolder.find()).withSeed(seed).withProgress(new DownloadLine(console));
        if (labels != null) {
            return Datasets.openLabeled(source(), labels, options);
        }
        return validation == null ? Datasets.open(source(), options) : Datasets.open(source(), validation, options);
    }

    /** Applies the options to a run. */
    public void applyTo(TrainingRun.Builder run) {
        if (imageSize != null) {
            run.imageSize(imageSize);
        }
        if (batchSize != null) {
            run.batchSize(batchSize);
        }
        run.balanceLoss(classWeights.equals(BALANCED));
        run.balanceSampling(sampling.equals(BALANCED));
        run.strict(strict);
    }

    /** Rejects batches, or shards of them, of a single image if the network cannot be trained on one. */
    public static void checkBatches(CommandSpec command, TrainingPlan plan, ResNet network, int images, int shards) {
        int least = plan.leastImages(network);
        if (Math.min(plan.batchSize() / shards, images) < least) {
            int size = plan.transform().inputSize();
            throw new ParameterException(
                    command.commandLine(),
                    "--batch-size " + plan.batchSize() + (shards == 1 ? "" : " in " + shards + " --shards") + ": "
                            + plan.spec().name() + " reduces images of " + size
                            + " pixels to a single pixel, and the batch normalization of a single value is undefined;"
                            + " use " + (shards == 1 ? "batches" : "shards")
                            + " of 2 or more images, or a larger --image-size"
                            + (images < least ? "; there is only " + images + " training image" : ""));
        }
    }
}
