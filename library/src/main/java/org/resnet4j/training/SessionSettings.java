package org.resnet4j.training;

import org.resnet4j.support.Check;

/**
 * Settings of a training session: the steps from gradients to weights.
 *
 * @param optimizer optimizer of the weights
 * @param labelSmoothing ε of label smoothing in the training loss, from 0 (none) to below 1
 * @param clipNorm maximum Euclidean norm of the gradients over all parameters; larger gradients are scaled down to it;
 *     0 for no limit
 * @param averageDecay decay of the moving average of the weights used in evaluation; 0 for no average
 * @param recompute true if backward recomputes the inside of residual blocks instead of keeping it: the same bits in
 *     less memory and more time
 * @param stochasticDepth rate at which the branch of the last residual block is dropped in training, lower for earlier
 *     blocks; 0 for never
 * @param seed seed of the network's random numbers in training, such as stochastic depth and dropout
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

    /** Creates settings that keep everything for backward. */
    public SessionSettings(Optimizer optimizer, double labelSmoothing, double clipNorm, double averageDecay) {
        this(optimizer, labelSmoothing, clipNorm, averageDecay, false, 0, 0);
    }

    /** Creates settings with an optimizer and nothing else. */
    public SessionSettings(Optimizer optimizer) {
        this(optimizer, 0, 0, 0);
    }

    /** Returns a copy that recomputes the inside of residual blocks, or not. */
    public SessionSettings withRecompute(boolean changed) {
        return new SessionSettings(optimizer, labelSmoothing, clipNorm, averageDecay, changed, stochasticDepth, seed);
    }

    /** Returns a copy with another rate of stochastic depth. */
    public SessionSettings withStochasticDepth(double rate) {
        return new SessionSettings(optimizer, labelSmoothing, clipNorm, averageDecay, recompute, rate, seed);
    }

    /** Returns a copy with another seed. */
    public SessionSettings withSeed(long changed) {
        return new SessionSettings(
                optimizer, labelSmoothing, clipNorm, averageDecay, recompute, stochasticDepth, changed);
    }
}
