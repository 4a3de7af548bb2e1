package org.resnet4j.run;

import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.loader.BatchShards;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.training.loop.BatchRunner;
import org.resnet4j.training.loop.LoaderBatches;
import org.resnet4j.training.loop.LocalRunner;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.session.TrainingSession;

/**
 * Image batches for a run that trains every layer.
 *
 * @param leastImages the smallest batch that the network can be trained on
 */
public record WholeNetwork(DataLoader trainingImages, DataLoader validationImages, int leastImages)
        implements TrainedPart {
    /** The number of validation batches prepared ahead: few, since both loaders keep their memory during the run. */
    private static final int VALIDATION_PREFETCH = 2;

    /** Returns the number of batches that are prepared or in use at a time, in training and validation. */
    public static int batchesInMemory(LoaderOptions loading) {
        return loading.prefetch() + 1 + VALIDATION_PREFETCH + 1;
    }

    /** Opens loaders for both parts of a dataset. */
    public static WholeNetwork of(TrainingJob job) {
        DatasetSplits splits = job.data();
        EvaluationTransform transform = job.transform();
        return new WholeNetwork(
                DataLoader.training(
                        splits.train(),
                        transform.inputSize(),
                        transform.normalization(),
                        job.augmentation(),
                        job.loading(),
                        BatchShards.all(job.shards())),
                DataLoader.evaluation(
                        splits.validation(), transform, job.loading().withPrefetch(VALIDATION_PREFETCH)),
                job.shards() == 1 ? job.leastImages() : 1); // the session leaves out single shards
    }

    @Override
    public BatchRunner runner(TrainingSession session, TrainerSettings settings) {
        return new LocalRunner(
                session,
                new LoaderBatches(trainingImages, leastImages),
                new LoaderBatches(validationImages, 1),
                settings);
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
