package org.resnet4j.run;

import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.loader.BatchShards;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.training.loop.BatchSource;
import org.resnet4j.training.loop.LoaderBatches;

/**
 * Image batches for a run that trains every layer.
 *
 * @param leastImages the smallest batch that the network can be trained on
 */
public record WholeNetwork(DataLoader trainingImages, DataLoader validationImages, int leastImages)
        implements TrainedPart {
    /** Opens loaders for both parts of a dataset. */
    public static WholeNetwork of(
            DatasetSplits splits,
            EvaluationTransform transform,
            Augmentation augmentation,
            int leastImages,
            LoaderOptions loading,
            BatchShards shards) {
        return new WholeNetwork(
                DataLoader.training(
                        splits.train(),
                        transform.inputSize(),
                        transform.normalization(),
                        augmentation,
                        loading,
                        shards),
                DataLoader.evaluation(splits.validation(), transform, loading),
                leastImages);
    }

    @Override
    public BatchSource training() {
        return new LoaderBatches(trainingImages, leastImages);
    }

    @Override
    public BatchSource validation() {
        return new LoaderBatches(validationImages, 1);
    }

    @Override
    public SkippedSamples trainingSkipped() {
        return trainingImages.skipped();
    }

    @Override
    public SkippedSamples validationSkipped() {
        return validationImages.skipped();
    }

    @Override
    public void close() {
        trainingImages.close();
        validationImages.close();
    }
}
