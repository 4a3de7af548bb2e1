package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.LossKernel;

/** Softmax and cross-entropy in double precision; there is one number for each image and class, so this is never slow. */
public final class ScalarLoss implements LossKernel {
    @Override
    public void softmax(int rows, int classes, float[] logits, float[] probabilities) {
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            double logSum = logSumExp(logits, start, classes);
            for (int k = 0; k < classes; k++) {
                probabilities[start + k] = (float) Math.exp(logits[start + k] - logSum);
            }
        }
    }

    /** {@code log Σ exp(logit)}, with the largest logit taken out first so that nothing overflows. */
    private static double logSumExp(float[] logits, int start, int classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            largest = Math.max(largest, logits[start + k]);
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            sum += Math.exp(logits[start + k] - largest);
        }
        return largest + Math.log(sum);
    }

    private static double smoothed(float target, float smoothing, int classes) {
        return (1.0 - smoothing) * target + (double) smoothing / classes;
    }

    @Override
    public double crossEntropy(int rows, int classes, float[] logits, float[] targets, float smoothing) {
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            double logSum = logSumExp(logits, start, classes);
            for (int k = 0; k < classes; k++) {
                double target = smoothed(targets[start + k], smoothing, classes);
                if (target != 0) {
                    loss += target * (logSum - logits[start + k]);
                }
            }
        }
        return loss;
    }

    @Override
    public void crossEntropyBackward(
            int rows, int classes, float[] logits, float[] targets, float smoothing, float scale, float[] dLogits) {
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            double logSum = logSumExp(logits, start, classes);
            for (int k = 0; k < classes; k++) {
                double probability = Math.exp(logits[start + k] - logSum);
                dLogits[start + k] = (float) ((probability - smoothed(targets[start + k], smoothing, classes)) * scale);
            }
        }
    }
}
