package org.resnet4j.cli.train;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingPlan;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.resnet.ResNet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which images a network is trained on. */
public final class DataOptions {
    private static final int MIN_IMAGE_SIZE = 8;
    private static final int MAX_IMAGE_SIZE = 2048;

    @Option(
            names = "--data",
            paramLabel = "SOURCE",
            description = {
                "What to train on (default: synthetic): a folder or zip with one folder of pictures for each class,"
                        + " or with train/ and val/ around such folders; a folder of CIFAR-10 or CIFAR-100 binary"
                        + " batches, or of IDX files; fashion-mnist, cifar10 or cifar100 (downloaded unless they are"
                        + " on this machine); or synthetic, images drawn by formula."
            })
    private @Nullable String source;

    @Option(
            names = "--validation",
            paramLabel = "SOURCE",
            description = "What to validate with (default: the part of --data that is meant for it, or else a tenth"
                    + " of each class, held out).")
    private @Nullable String validation;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "The side in pixels that images are brought to (default: the size of the images where all"
                    + " have the same small size, else 128, or 224 with --weights).")
    private @Nullable Integer imageSize;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Images in a step (default: 128 for small images, 32 for others).")
    private @Nullable Integer batchSize;

    @Option(
            names = "--strict",
            description = "Stop at the first picture that cannot be read, instead of skipping and counting it.")
    private boolean strict;

    public void check(CommandSpec command) {
        if (imageSize != null) {
            Range.check(command, "--image-size", imageSize, MIN_IMAGE_SIZE, MAX_IMAGE_SIZE);
        }
        if (batchSize != null) {
            Range.check(command, "--batch-size", batchSize, 1, 65_536);
        }
    }

    /** What was asked for, or synthetic images. */
    String source() {
        return source == null ? Datasets.SYNTHETIC : source;
    }

    /**
     * Opens it.
     *
     * @param seed of what is drawn: synthetic images, and which are held out
     */
    public DatasetSplits open(long seed, Console console) throws IOException {
        var options =
                DatasetOptions.defaults(CacheFolder.find()).withSeed(seed).withProgress(new DownloadLine(console));
        return validation == null ? Datasets.open(source(), options) : Datasets.open(source(), validation, options);
    }

    /** Hands a run what was asked for. */
    public void applyTo(TrainingRun.Builder run) {
        if (imageSize != null) {
            run.imageSize(imageSize);
        }
        if (batchSize != null) {
            run.batchSize(batchSize);
        }
        run.strict(strict);
    }

    /** Refuses batches of a single image where the network cannot be trained on one. */
    public static void checkBatches(CommandSpec command, TrainingPlan plan, ResNet network, int images) {
        if (Math.min(plan.batchSize(), images) < plan.leastImages(network)) {
            int size = plan.transform().inputSize();
            throw new ParameterException(
                    command.commandLine(),
                    "--batch-size " + plan.batchSize() + ": " + plan.spec().name()
                            + " makes a single pixel of images of " + size
                            + " pixels, and the batch normalization of a single value is not defined; take batches of"
                            + " 2 or more images, or a larger --image-size");
        }
    }
}
