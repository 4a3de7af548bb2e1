package org.resnet4j.run;

import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.training.loop.BatchRunner;
import org.resnet4j.training.loop.BatchSource;
import org.resnet4j.training.loop.LoaderBatches;
import org.resnet4j.training.loop.LocalRunner;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.session.TrainingSession;
import org.resnet4j.transfer.FeatureBatches;
import org.resnet4j.transfer.FrozenBackbone;
import org.resnet4j.transfer.Views;

/**
 * Features of a frozen backbone, for a run that trains only the classifier.
 *
 * @param validationFeatures batches of the validation set
 * @param images loader of training images whose features are computed in every epoch; null if they are cached
 * @param about description of what is cached, for display
 */
public record ClassifierAlone(
        BatchSource training,
        Supplier<SkippedSamples> skippedInTraining,
        FeatureBatches validationFeatures,
        @Nullable DataLoader images,
        String about)
        implements TrainedPart {
    private static final double KIB = 1 << 10;
    private static final double MIB = 1 << 20;

    /**
     * Opens the features of both parts of a dataset.
     *
     * @param memory maximum bytes for features cached by the backbone
     */
    public static ClassifierAlone of(
            FrozenBackbone backbone,
            DatasetSplits splits,
            EvaluationTransform transform,
            Augmentation augmentation,
            LoaderOptions loading,
            long memory) {
        var once = Views.evaluation(splits.validation().size(), loading);
        FeatureBatches validation = backbone.features(splits.validation(), once);
        if (Views.areAll(augmentation)) {
            var views = Views.training(splits.train().size(), augmentation, loading);
            FeatureBatches training = backbone.features(splits.train(), views);
            String about = "the backbone is frozen: the features of each image"
                    + (views.count() == 2 ? ", and of its mirror image," : "")
                    + " are computed once and cached"
                    + extent(backbone.bytes(views) + backbone.bytes(once), memory);
            return new ClassifierAlone(training, training::skipped, validation, null, about);
        }
        var images = DataLoader.training(
                splits.train(), transform.inputSize(), transform.normalization(), augmentation, loading);
        return new ClassifierAlone(
                backbone.features(new LoaderBatches(images, 1)),
                images::skipped,
                validation,
                images,
                "the backbone is frozen; this augmentation never repeats an image, so its features are computed in"
                        + " every epoch");
    }

    private static String extent(long needed, long memory) {
        return needed <= memory
                ? " (" + size(needed) + ")"
                : ", up to " + size(memory) + "; all would take " + size(needed) + " (--feature-cache)";
    }

    private static String size(long bytes) {
        return bytes < MIB
                ? String.format(Locale.ROOT, "%.0f KiB", Math.ceil(bytes / KIB))
                : String.format(Locale.ROOT, "%,.1f MiB", bytes / MIB);
    }

    @Override
    public BatchRunner runner(TrainingSession session, TrainerSettings settings) {
        return new LocalRunner(session, training, validationFeatures, settings);
    }

    @Override
    public SkippedSamples trainingSkipped() {
        return skippedInTraining.get();
    }

    @Override
    public SkippedSamples validationSkipped() {
        return validationFeatures.skipped();
    }

    @Override
    public void close() {
        if (images != null) {
            images.close();
        }
    }
}
