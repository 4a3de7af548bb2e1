package org.resnet4j.cli;

import java.util.List;
import org.resnet4j.dataset.DataLoader;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.training.BatchSource;

/** Every layer is trained, on images. */
record WholeNetwork(DataLoader trainingImages, DataLoader validationImages) implements TrainedPart {
    static WholeNetwork of(DatasetSplits splits, TrainingPlan plan, LoaderOptions loading) {
        return new WholeNetwork(
                DataLoader.training(
                        splits.train(),
                        plan.transform().inputSize(),
                        plan.transform().normalization(),
                        plan.augmentation(),
                        loading),
                DataLoader.evaluation(splits.validation(), plan.transform(), loading));
    }

    @Override
    public BatchSource training() {
        return new LoaderBatches(trainingImages);
    }

    @Override
    public BatchSource validation() {
        return new LoaderBatches(validationImages);
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
