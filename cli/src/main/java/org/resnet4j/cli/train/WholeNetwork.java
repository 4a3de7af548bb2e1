package org.resnet4j.cli.train;

import java.util.List;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.dataset.loader.LoaderOptions;
import org.resnet4j.dataset.loader.SkippedSamples;
import org.resnet4j.training.BatchSource;

/**
 * Every layer is trained, on images.
 *
 * @param leastImages the fewest that the network can be trained on at once
 */
record WholeNetwork(DataLoader trainingImages, DataLoader validationImages, int leastImages) implements TrainedPart {
    static WholeNetwork of(DatasetSplits splits, TrainingPlan plan, int leastImages, LoaderOptions loading) {
        return new WholeNetwork(
                DataLoader.training(
                        splits.train(),
                        plan.transform().inputSize(),
                        plan.transform().normalization(),
                        plan.augmentation(),
                        loading),
                DataLoader.evaluation(splits.validation(), plan.transform(), loading),
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
    public String awaited() {
        return "images";
    }

    @Override
    public List<SkippedSamples> skipped() {
        return List.of(trainingImages.skipped(), validationImages.skipped());
    }

    @Override
    public void close() {
        trainingImages.close();
        validationImages.close();
    }
}
