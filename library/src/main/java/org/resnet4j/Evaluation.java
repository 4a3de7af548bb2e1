package org.resnet4j;

import java.io.IOException;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.tensor.NonFiniteScoresException;

/**
 * Accuracy of a classifier on labeled images.
 *
 * @param tally number of images, loss, top-1 and top-5
 * @param skipped images that could not be read
 * @param seconds time for reading and scoring
 * @since 0.1.0
 */
public record Evaluation(Tally tally, SkippedSamples skipped, double seconds) {
    private static final double NANOS = 1e9;

    /** Listener that is called as images are scored, in the order of the dataset. */
    public interface Listener {
        /** A listener that ignores everything. */
        Listener NONE = new Listener() {};

        /**
         * Called for each image that could be read.
         *
         * @param sample index of the image in the dataset
         * @param label class of the image, by the classifier's index
         */
        default void scored(int sample, int label, Scores scores) {}

        /** Called after each batch. */
        default void advanced(int images) {}
    }

    /**
     * Scores every image of a dataset, decoded as the classifier decodes pictures.
     *
     * @param classes the classifier's class for each class of the dataset
     * @param loading batch size, threads, and whether an unreadable image ends the evaluation
     * @throws IllegalArgumentException if a class of the dataset is not one of the classifier's
     * @throws NonFiniteScoresException for the first image whose scores are not finite
     * @throws IOException if no image can be read, or if one cannot be read and the loading is strict
     */
    public static Evaluation of(
            ImageClassifier classifier, Dataset dataset, int[] classes, LoaderOptions loading, Listener listener)
            throws IOException {
        check(classifier, dataset, classes);
        if (loading.strict()) {
            dataset.passedOver().requireNone();
        }
        Tally tally = Tally.EMPTY;
        Preparation preparation = classifier.preparation;
        try (DataLoader loader =
                DataLoader.evaluation(dataset, preparation.transform(), preparation.scaled(), loading)) {
            long start = System.nanoTime();
            try (BatchStream stream = loader.epoch(0)) {
                for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                    float[][] logits = logits(classifier, batch, stream);
                    for (int row = 0; row < logits.length; row++) {
                        var scores = new Scores(logits[row]);
                        int label = classes[batch.labels()[row]];
                        tally = tally.plus(scores, label);
                        listener.scored(stream.sample(row), label, scores);
                    }
                    listener.advanced(batch.size());
                }
            }
            return new Evaluation(
                    tally, loader.skipped().plus(dataset.passedOver()), (System.nanoTime() - start) / NANOS);
        }
    }

    private static void check(ImageClassifier classifier, Dataset dataset, int[] classes) {
        if (classes.length != dataset.classes().size()) {
            throw new IllegalArgumentException("a dataset of "
                    + dataset.classes().size() + " classes needs as many of the classifier's, got " + classes.length);
        }
        int known = classifier.labels().size();
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 0 || classes[i] >= known) {
                throw new IllegalArgumentException("class " + dataset.classes().get(i)
                        + " of the dataset must be one of the classifier's, from 0 to " + (known - 1) + ", got "
                        + classes[i]);
            }
        }
    }

    private static float[][] logits(ImageClassifier classifier, Batch batch, BatchStream stream) {
        try {
            return classifier.logits(batch.images());
        } catch (NonFiniteScoresException failure) {
            throw failure.of(stream.origin(failure.row()));
        }
    }

    /** Returns the number of images scored per second; 0 without images. */
    public double imagesPerSecond() {
        return seconds > 0 ? tally.samples() / seconds : 0;
    }
}
