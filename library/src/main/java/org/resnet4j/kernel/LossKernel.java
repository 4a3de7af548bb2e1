package org.resnet4j.kernel;

/**
 * Softmax and cross-entropy in double precision. With one number for each image and class, their cost is negligible.
 */
public final class LossKernel {
    /** Computes the probabilities of each row, {@code [rows, classes]}, without overflow for logits of any size. */
    public void softmax(int rows, int classes, float[] logits, float[] probabilities) {
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            double logSum = logSumExp(logits, start, classes);
            for (int k = 0; k < classes; k++) {
                probabilities[start + k] = (float) Math.exp(logits[start + k] - logSum);
            }
        }
    }

    /** Returns {@code log Σ exp(logit)}; the largest logit is subtracted first to avoid overflow. */
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

    /**
     * Returns the sum over the rows of the cross-entropy between {@code targets} and softmax(logits), in nats.
     *
     * @param targets probabilities {@code [rows, classes]}; each row sums to 1
     * @param smoothing ε of label smoothing (Szegedy et al., 2016): targets become (1 − ε)·target + ε / classes
     * @return the sum, not the mean
     */
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

    /** Computes {@code dLogits = (softmax(logits) − smoothed targets) · scale}; scale is 1 / rows for the mean loss. */
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

    /**
     * Returns the sum of the cross-entropies with a weight for each class, Σ w_k · target_k · (−log p_k), as {@code
     * weight} of PyTorch's {@code CrossEntropyLoss}.
     *
     * @param weights {@code [classes]}, at least 0
     * @return the sum, not divided by the weights
     */
    public double weightedCrossEntropy(
            int rows, int classes, float[] logits, float[] targets, float smoothing, float[] weights) {
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            double logSum = logSumExp(logits, start, classes);
            for (int k = 0; k < classes; k++) {
                double target = weights[k] * smoothed(targets[start + k], smoothing, classes);
                if (target != 0) {
                    loss += target * (logSum - logits[start + k]);
                }
            }
        }
        return loss;
    }

    /**
     * Computes {@code dLogits_j = (p_j · Σ w_k · target_k − w_j · target_j) · scale}, the gradient of {@link
     * #weightedCrossEntropy}.
     */
    public void weightedCrossEntropyBackward(
            int rows,
            int classes,
            float[] logits,
            float[] targets,
            float smoothing,
            float[] weights,
            float scale,
            float[] dLogits) {
        for (int row = 0; row < rows; row++) {
            int start = row * classes;
            double logSum = logSumExp(logits, start, classes);
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += weights[k] * smoothed(targets[start + k], smoothing, classes);
            }
            for (int k = 0; k < classes; k++) {
                double target = weights[k] * smoothed(targets[start + k], smoothing, classes);
                dLogits[start + k] = (float) ((Math.exp(logits[start + k] - logSum) * sum - target) * scale);
            }
        }
    }
}
