package org.resnet4j.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Training went out of bounds: the loss or the weights are not finite. Says where, and what to try. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int epoch;
    private final int batch;
    private final double learningRate;

    /**
     * @param what is not finite: {@code "the loss is NaN"}
     * @param epoch counted from 1
     * @param batch counted from 1
     * @param learningRate of the step
     * @param checkpoint the last good one, which is kept; null if there is none
     */
    public DivergedException(String what, int epoch, int batch, double learningRate, @Nullable Path checkpoint) {
        super("training diverged: " + what + " at epoch " + epoch + ", batch " + batch + ", learning rate "
                + learningRate + ". Try a smaller learning rate, such as " + learningRate / 10
                + ", a longer warm-up or a limit on the gradient norm; also check the training images for damage. "
                + (checkpoint == null
                        ? "No checkpoint was written."
                        : "The last good checkpoint is " + checkpoint + "."));
        this.epoch = epoch;
        this.batch = batch;
        this.learningRate = learningRate;
    }

    /** Counted from 1. */
    public int epoch() {
        return epoch;
    }

    /** Counted from 1. */
    public int batch() {
        return batch;
    }

    /** The learning rate of the step. */
    public double learningRate() {
        return learningRate;
    }
}
