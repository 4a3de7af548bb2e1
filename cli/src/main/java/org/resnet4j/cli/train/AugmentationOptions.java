package org.resnet4j.cli.train;

import org.resnet4j.TrainingRun;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.ImageAugmentation;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options for augmentation of the training images. */
public final class AugmentationOptions {
    /**
     * Strength of {@code --color-jitter}: up to 0.3 for brightness, contrast and saturation, up to a tenth of the color
     * circle for hue.
     */
    private static final ImageAugmentation JITTER = new ImageAugmentation.ColorJitter(0.3, 0.3, 0.3, 0.1);

    @Option(
            names = "--augmentation",
            paramLabel = "AUGMENTATION",
            completionCandidates = OptionWords.Augmentations.class,
            description = "Augmentation: none; flip (mirror); crop (shift by some pixels, for digits and letters);"
                    + " crop-flip (both); resized-crop (random part, mirror, for photographs); auto (depends on the"
                    + " data; none with --freeze backbone) (default: ${DEFAULT-VALUE}).")
    private String name = "auto";

    @Option(
            names = "--mixup",
            paramLabel = "A",
            description = "Blend pairs of images with weights from Beta(A,A), for example 0.2 (default: 0, off).")
    private double mixup;

    @Option(
            names = "--cutmix",
            paramLabel = "A",
            description = "Paste a part of another image, with its area from Beta(A,A), for example 1 (default: 0,"
                    + " off).")
    private double cutmix;

    @Option(
            names = "--random-erasing",
            paramLabel = "P",
            description = "Probability of erasing a random rectangle (default: 0).")
    private double erasing;

    @Option(names = "--color-jitter", description = "Randomly vary brightness, contrast, saturation and hue.")
    private boolean colorJitter;

    public void check(CommandSpec command) {
        Range.checkOneOf(command, "--augmentation", name, OptionWords.AUGMENTATIONS);
        checkAlpha(command, "--mixup", mixup);
        checkAlpha(command, "--cutmix", cutmix);
        Range.check(command, "--random-erasing", erasing, 0, 1);
    }

    private static void checkAlpha(CommandSpec command, String option, double alpha) {
        Range.check(command, option, alpha, 0, BatchMixing.MAX_ALPHA);
        if (alpha != 0) {
            Range.check(command, option + " (if not 0)", alpha, BatchMixing.MIN_ALPHA, BatchMixing.MAX_ALPHA);
        }
    }

    /** Applies the options to a run. */
    public void applyTo(TrainingRun.Builder run) {
        run.augmentation(this::augmentation);
    }

    /**
     * Returns the augmentation.
     *
     * @param usual the default for the data
     */
    private Augmentation augmentation(Augmentation usual) {
        Augmentation chosen = switch (name) {
            case "none" -> Augmentation.none();
            case "flip" -> Augmentation.of(new ImageAugmentation.HorizontalFlip(0.5));
            case "crop-flip" -> Augmentation.cifar();
            case "crop" -> Augmentation.shifted();
            case "resized-crop" -> Augmentation.imagenet();
            default -> usual;
        };
        if (colorJitter) {
            chosen = chosen.with(JITTER);
        }
        if (erasing > 0) {
            chosen = chosen.with(randomErasing());
        }
        return mixup > 0 || cutmix > 0 ? chosen.with(new BatchMixing(mixup, cutmix, 1)) : chosen;
    }

    private ImageAugmentation randomErasing() {
        var usual = ImageAugmentation.RandomErasing.defaults();
        return new ImageAugmentation.RandomErasing(
                erasing, usual.minScale(), usual.maxScale(), usual.minRatio(), usual.maxRatio(), usual.fill());
    }
}
