package org.resnet4j.cli.quantize;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.resnet4j.Evaluation;
import org.resnet4j.ImageClassifier;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.evaluation.Tally;

/**
 * The answers of a network on labeled pictures.
 *
 * @param tally the accuracy
 * @param best the class with the highest score of each picture; -1 if it cannot be read
 * @param skipped the pictures that cannot be read
 */
record Answers(Tally tally, int[] best, SkippedSamples skipped) {
    /**
     * Returns the answers of a classifier.
     *
     * @param classes the classifier's class for each class of the dataset
     * @param progress receives the number of pictures of each batch
     * @throws IOException if no picture can be read
     */
    static Answers of(
            ImageClassifier classifier, Dataset dataset, int[] classes, LoaderOptions loading, IntConsumer progress)
            throws IOException {
        var best = new int[dataset.size()];
        Arrays.fill(best, -1);
        var listener = new Evaluation.Listener() {
            @Override
            public void scored(int sample, int label, Scores scores) {
                best[sample] = scores.best();
            }

            @Override
            public void advanced(int images) {
                progress.accept(images);
            }
        };
        Evaluation evaluation = Evaluation.of(classifier, dataset, classes, loading, listener);
        return new Answers(evaluation.tally(), best, evaluation.skipped());
    }

    /** Returns the share of the pictures for which both have the same class, from 0 to 1. */
    double agreement(Answers other) {
        int same = 0;
        for (int i = 0; i < best.length; i++) {
            if (best[i] >= 0 && best[i] == other.best[i]) {
                same++;
            }
        }
        return (double) same / tally.samples();
    }
}
