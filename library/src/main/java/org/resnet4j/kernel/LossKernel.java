package org.resnet4j.kernel;

/** Softmax and cross-entropy. Small: one row for each image, one column for each class. */
public interface LossKernel {
    /** Writes the probabilities of each row, {@code [rows, classes]}; safe for logits of any size. */
    void softmax(int rows, int classes, float[] logits, float[] probabilities);

    /**
     * The sum over the rows of the cross-entropy between {@code targets} and softmax(logits), in nats.
     *
     * @param targets probabilities {@code [rows, classes]}, each row summing to 1
     * @param smoothing ε of label smoothing (Szegedy et al., 2016): targets become (1 − ε)·target + ε / classes
     * @return the sum, not the mean
     */
    double crossEntropy(int rows, int classes, float[] logits, float[] targets, float smoothing);

    /**
     * Writes {@code dLogits = (softmax(logits) − smoothed targets) · scale}; scale is 1 / rows for the mean loss.
     */
    void crossEntropyBackward(
            int rows, int classes, float[] logits, float[] targets, float smoothing, float scale, float[] dLogits);
}
