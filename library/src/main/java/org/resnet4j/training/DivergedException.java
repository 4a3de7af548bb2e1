package org.resnet4j.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the loss or the weights are not finite. The message gives the position in the run and suggests remedies.
 *
 * @since 0.1.0
 */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int epoch;
    private final int batch;
    private final double learningRate;

    /**
     * @param what the value that is not finite: {@code "the loss is NaN"}
     * @param epoch counted from 1
     * @param batch counted from 1
     * @param learningRate learning rate of the step
     * @param checkpoint the last good checkpoint, which is kept; null if there is none
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

    /** Returns the epoch, counted from 1. */
    public int epoch() {
        return epoch;
    }

    /** Returns the batch, counted from 1. */
    public int batch() {
        return batch;
    }

    /** Returns the learning rate of the step. */
    public double learningRate() {
        return learningRate;
    }
}
