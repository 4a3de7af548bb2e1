package org.resnet4j.cli.quantize;

import java.util.Arrays;
import org.resnet4j.ImageClassifier;
import org.resnet4j.tensor.Tensor;

/**
 * The speeds of two networks alone, without decoding, in images per second.
 *
 * @param original that of the network in float32
 * @param quantized that of the quantized network
 */
record Speeds(double original, double quantized) {
    private static final int BATCH = 8;
    private static final int ROUNDS = 9;
    private static final double NANOS = 1e9;

    /** Measures both by the median of several calls, taken in turn. */
    static Speeds of(ImageClassifier original, ImageClassifier quantized) {
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
        return new Speeds(speed(times[0]), speed(times[1]));
    }

    private static double speed(double[] times) {
        Arrays.sort(times);
        return BATCH * NANOS / times[ROUNDS / 2];
    }

    /** Returns how many times as fast the quantized network is. */
    double ratio() {
        return quantized / original;
    }
}
