package org.resnet4j.resnet;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Tensor;

/**
 * The initial weights. Weights of convolutions are drawn from N(0, σ) with σ = sqrt(2 / (outChannels·k·k)) (He et al.,
 * 2015, "Delving Deep into Rectifiers"); the fan-out preserves the magnitude of gradients in the backward pass. Weights
 * of the linear layer are uniform within ±1/sqrt(inFeatures), as are biases. Gamma is 1 and beta 0.
 */
final class Initialization {
    /** The initial bias of gates, with which they are close to zero: the second paper's best value for both kinds. */
    private static final float GATE_BIAS = -6;

    private Initialization() {}

    /**
     * Draws the weights of a network, then sets the gammas and gate biases that have a fixed initial value.
     *
     * @param zeroInitResidual true if the last gamma of each branch is initialized to zero
     */
    static void draw(List<Parameter> parameters, List<ResidualBlock> blocks, boolean zeroInitResidual, long seed) {
        draw(parameters, seed);
        for (ResidualBlock block : blocks) {
            if (zeroInitResidual) {
                Arrays.fill(block.lastNorm().scale().value().array(), 0f);
            }
            if (block.sum() instanceof GatedSum gated) {
                Arrays.fill(gated.bias().value().array(), GATE_BIAS);
            }
        }
    }

    /**
     * Draws every parameter from its own stream, so its bits depend only on the seed and on its position in the list.
     */
    private static void draw(List<Parameter> parameters, long seed) {
        var seeds = new SplittableRandom(seed);
        double biasBound = 0;
        for (Parameter parameter : parameters) {
            var random = seeds.split();
            Tensor value = parameter.value();
            switch (parameter.role()) {
                case CONVOLUTION_WEIGHT -> {
                    double fanOut = (double) value.shape().extent(0)
                            * value.shape().extent(1)
                            * value.shape().extent(3);
                    double deviation = Math.sqrt(2 / fanOut);
                    for (int i = 0; i < value.size(); i++) {
                        value.array()[i] = (float) (deviation * random.nextGaussian());
                    }
                    biasBound = 1
                            / Math.sqrt(fanOut
                                    / value.shape().extent(3)
                                    * value.shape().extent(2));
                }
                case LINEAR_WEIGHT -> {
                    biasBound = 1 / Math.sqrt(value.shape().extent(value.shape().rank() - 2));
                    fillUniform(value, biasBound, random);
                }
                case BIAS -> fillUniform(value, biasBound, random);
                case NORM_SCALE, NORM_SHIFT -> {
                    // 1 and 0 since construction
                }
            }
        }
    }

    private static void fillUniform(Tensor value, double bound, SplittableRandom random) {
        for (int i = 0; i < value.size(); i++) {
            value.array()[i] = (float) random.nextDouble(-bound, bound);
        }
    }
}
