package org.resnet4j.training;

import java.io.Serializable;
import java.util.List;
import org.resnet4j.support.Check;
import org.resnet4j.tensor.Tensor;

/**
 * The settings of a training session: optimizer, regularization and memory use.
 *
 * @param optimizer settings of the optimizer
 * @param labelSmoothing ε of label smoothing in the training loss, from 0 (none) to below 1
 * @param clipNorm largest Euclidean norm of the gradients over all parameters; larger gradients are scaled down to it;
 *     0 for no limit
 * @param averageDecay decay of the moving average of the weights that evaluation uses; 0 for no average
 * @param activations the activations that a training step keeps
 * @param stochasticDepth drop probability of the last residual block's branch in training; earlier blocks have lower
 *     ones; 0 for none
 * @param classWeights a weight for each class in the training loss, whose mean is still taken over the images; empty for
 *     none
 * @param seed seed of the network's random numbers in training, such as those of stochastic depth and dropout
 * @since 0.1.0
 */
public record SessionSettings(
        Optimizer optimizer,
        double labelSmoothing,
        double clipNorm,
        double averageDecay,
        Activations activations,
        double stochasticDepth,
        List<Float> classWeights,
        long seed)
        implements Serializable {
    /**
     * The activations that a training step keeps for its backward pass.
     *
     * @param format the number format of feature maps and of their gradients. With bfloat16, weights, statistics, sums,
     *     loss, optimizer and evaluation stay in float32.
     * @param recompute true to recompute the activations inside residual blocks during backward instead of keeping them:
     *     identical bits, less memory, more time
     */
    public record Activations(Tensor.Format format, boolean recompute) implements Serializable {
        /** All activations, in float32. */
        static final Activations WHOLE = new Activations(Tensor.Format.FLOAT32, false);
    }

    public SessionSettings {
        Check.share("label smoothing", labelSmoothing);
        Check.notNegative("the largest gradient norm", clipNorm);
        Check.share("the decay of the moving average", averageDecay);
        Check.share("the rate of stochastic depth", stochasticDepth);
        classWeights = List.copyOf(classWeights);
        classWeights.forEach(weight -> Check.notNegative("a class weight", weight));
    }

    /** Creates settings that keep all activations for backward. */
    public SessionSettings(Optimizer optimizer, double labelSmoothing, double clipNorm, double averageDecay) {
        this(optimizer, labelSmoothing, clipNorm, averageDecay, Activations.WHOLE, 0, List.of(), 0);
    }

    /** Creates settings with the optimizer only. */
    public SessionSettings(Optimizer optimizer) {
        this(optimizer, 0, 0, 0);
    }

    /** Returns true if the activations inside residual blocks are recomputed. */
    public boolean recompute() {
        return activations.recompute();
    }

    /** Returns the number format of feature maps and their gradients in training. */
    public Tensor.Format format() {
        return activations.format();
    }

    private SessionSettings withActivations(Activations changed) {
        return new SessionSettings(
                optimizer, labelSmoothing, clipNorm, averageDecay, changed, stochasticDepth, classWeights, seed);
    }

    /** Returns a copy with or without recomputation inside residual blocks. */
    public SessionSettings withRecompute(boolean changed) {
        return withActivations(new Activations(format(), changed));
    }

    /** Returns a copy with this format of feature maps and their gradients. */
    public SessionSettings withFormat(Tensor.Format changed) {
        return withActivations(new Activations(changed, recompute()));
    }

    /** Returns a copy with this rate of stochastic depth. */
    public SessionSettings withStochasticDepth(double rate) {
        return new SessionSettings(
                optimizer, labelSmoothing, clipNorm, averageDecay, activations, rate, classWeights, seed);
    }

    /** Returns a copy with a weight for each class; empty for none. */
    public SessionSettings withClassWeights(List<Float> changed) {
        return new SessionSettings(
                optimizer, labelSmoothing, clipNorm, averageDecay, activations, stochasticDepth, changed, seed);
    }

    /** Returns a copy with another seed. */
    public SessionSettings withSeed(long changed) {
        return new SessionSettings(
                optimizer, labelSmoothing, clipNorm, averageDecay, activations, stochasticDepth, classWeights, changed);
    }
}
