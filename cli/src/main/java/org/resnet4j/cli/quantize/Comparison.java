package org.resnet4j.cli.quantize;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.resnet4j.Evaluation;
import org.resnet4j.ImageClassifier;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.tensor.Tensor;

/**
 * A comparison of a network with its quantized form on labeled pictures.
 *
 * @param original the accuracy of the network in float32
 * @param quantized the accuracy of the quantized network
 * @param agreement the share of the pictures for which both have the same class, from 0 to 1
 * @param originalSpeed images per second of the network in float32 alone
 * @param quantizedSpeed images per second of the quantized network alone
 */
record Comparison(Tally original, Tally quantized, double agreement, double originalSpeed, double quantizedSpeed) {
    private static final int BATCH = 8;
    private static final int ROUNDS = 9;
    private static final double NANOS = 1e9;

    /**
     * Compares two classifiers.
     *
     * @param classes the classifiers' class for each class of the dataset
     * @param progress receives the number of pictures of each batch, of both
     * @throws IOException if no picture can be read
     */
    static Comparison of(
            ImageClassifier original,
            ImageClassifier quantized,
            Dataset dataset,
            int[] classes,
            LoaderOptions loading,
            IntConsumer progress)
            throws IOException {
        var first = new Answers(dataset.size(), progress);
        var second = new Answers(dataset.size(), progress);
        Tally before = Evaluation.of(original, dataset, classes, loading, first).tally();
        Tally after =
                Evaluation.of(quantized, dataset, classes, loading, second).tally();
        int same = 0;
        for (int i = 0; i < dataset.size(); i++) {
            if (first.best[i] >= 0 && first.best[i] == second.best[i]) {
                same++;
            }
        }
        double[] speeds = speeds(original, quantized);
        return new Comparison(before, after, (double) same / before.samples(), speeds[0], speeds[1]);
    }

    /** The class with the highest score of each picture. */
    private static final class Answers implements Evaluation.Listener {
        private final int[] best;
        private final IntConsumer progress;

        Answers(int samples, IntConsumer progress) {
            best = new int[samples];
            Arrays.fill(best, -1);
            this.progress = progress;
        }

        @Override
        public void scored(int sample, int label, Scores scores) {
            best[sample] = scores.best();
        }

        @Override
        public void advanced(int images) {
            progress.accept(images);
        }
    }

    /** Returns the images per second of both, by the median of several calls, taken in turn. */
    private static double[] speeds(ImageClassifier original, ImageClassifier quantized) {
        int size = original.transform().inputSize();
        int channels = original.transform().normalization().channels();
        Tensor images = Tensor.zeros(BATCH, size, size, channels);
        var times = new double[2][ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            for (int which = 0; which < 2; which++) {
                long start = System.nanoTime();
                (which == 0 ? original : quantized).logits(images);
                if (round >= 0) {
                    times[which][round] = System.nanoTime() - start;
                }
            }
        }
        return Arrays.stream(times)
                .mapToDouble(each -> {
                    Arrays.sort(each);
                    return BATCH * NANOS / each[ROUNDS / 2];
                })
                .toArray();
    }
}
