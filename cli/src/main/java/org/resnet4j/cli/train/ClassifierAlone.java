package org.resnet4j.cli.train;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.dataset.loader.LoaderOptions;
import org.resnet4j.dataset.loader.SkippedSamples;
import org.resnet4j.training.BatchSource;
import org.resnet4j.transfer.FeatureBatches;
import org.resnet4j.transfer.FrozenBackbone;
import org.resnet4j.transfer.Views;

/**
 * The linear layer alone is trained, on the features of a frozen backbone.
 *
 * @param images where the features of every step are computed anew: of these; else null
 * @param about what is kept, for people to read
 */
record ClassifierAlone(
        BatchSource training,
        Supplier<SkippedSamples> trainingSkipped,
        FeatureBatches validation,
        @Nullable DataLoader images,
        String about)
        implements TrainedPart {
    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;

    /** @param memory bytes that the backbone may take to keep features */
    static ClassifierAlone of(
            FrozenBackbone backbone, DatasetSplits splits, TrainingPlan plan, LoaderOptions loading, long memory) {
        var once = Views.evaluation(splits.validation().size(), loading);
        FeatureBatches validation = backbone.features(splits.validation(), once);
        if (Views.areAll(plan.augmentation())) {
            var views = Views.training(splits.train().size(), plan.augmentation(), loading);
            FeatureBatches training = backbone.features(splits.train(), views);
            String about = "the backbone is frozen: the features of each image"
                    + (views.count() == 2 ? ", and of its mirror image," : "")
                    + " are computed once and kept"
                    + extent(backbone.bytes(views) + backbone.bytes(once), memory);
            return new ClassifierAlone(training, training::skipped, validation, null, about);
        }
        var images = DataLoader.training(
                splits.train(),
                plan.transform().inputSize(),
                plan.transform().normalization(),
                plan.augmentation(),
                loading);
        return new ClassifierAlone(
                backbone.features(new LoaderBatches(images, 1)),
                images::skipped,
                validation,
                images,
                "the backbone is frozen; with this augmentation no image comes twice, so that features are computed in"
                        + " every epoch");
    }

    private static String extent(long needed, long memory) {
        return needed <= memory
                ? " (" + size(needed) + ")"
                : " as far as " + size(memory) + " go; all would take " + size(needed) + " (--feature-cache)";
    }

    private static String size(long bytes) {
        return bytes < MIB
                ? String.format(Locale.ROOT, "%.0f KiB", Math.ceil(bytes / KIB))
                : String.format(Locale.ROOT, "%,.1f MiB", bytes / MIB);
    }

    @Override
    public String awaited() {
        return "features";
    }

    @Override
    public List<SkippedSamples> skipped() {
        return List.of(trainingSkipped.get(), validation.skipped());
    }

    @Override
    public void close() {
        if (images != null) {
            images.close();
        }
    }
}
