package org.resnet4j.training;

import org.resnet4j.support.Check;

/**
 * How a session turns gradients into weights.
 *
 * @param optimizer what changes the weights
 * @param labelSmoothing ε of label smoothing in the training loss, from 0 (none) to below 1
 * @param clipNorm gradients whose Euclidean norm over all parameters is larger are scaled down to it; 0 is never
 * @param averageDecay the decay of the moving average of the weights that evaluation uses; 0 is no average
 * @param recompute whether backward computes the inside of residual blocks again instead of keeping it: the same bits with
 *     less memory and in more time
 * @param stochasticDepth how often the last residual block's branch is left out in training, earlier ones less often; 0 is
 *     never
 * @param seed what the network leaves to chance in training, such as stochastic depth and dropout, is drawn from
 */
public record SessionSettings(
        Optimizer optimizer,
        double labelSmoothing,
        double clipNorm,
        double averageDecay,
        boolean recompute,
        double stochasticDepth,
        long seed) {
    public SessionSettings {
        Check.share("label smoothing", labelSmoothing);
        Check.notNegative("the largest gradient norm", clipNorm);
        Check.share("the decay of the moving average", averageDecay);
        Check.share("the rate of stochastic depth", stochasticDepth);
    }

    /** Everything is kept for backward. */
    public SessionSettings(Optimizer optimizer, double labelSmoothing, double clipNorm, double averageDecay) {
        this(optimizer, labelSmoothing, clipNorm, averageDecay, false, 0, 0);
    }

    /** The optimiser alone. */
    public SessionSettings(Optimizer optimizer) {
        this(optimizer, 0, 0, 0);
    }

    /** The same, computing the inside of residual blocks again, or not. */
    public SessionSettings withRecompute(boolean changed) {
        return new SessionSettings(optimizer, labelSmoothing, clipNorm, averageDecay, changed, stochasticDepth, seed);
    }

    /** The same with stochastic depth of this rate. */
    public SessionSettings withStochasticDepth(double rate) {
        return new SessionSettings(optimizer, labelSmoothing, clipNorm, averageDecay, recompute, rate, seed);
    }

    /** The same, drawing from another number. */
    public SessionSettings withSeed(long changed) {
        return new SessionSettings(
                optimizer, labelSmoothing, clipNorm, averageDecay, recompute, stochasticDepth, changed);
    }
}
