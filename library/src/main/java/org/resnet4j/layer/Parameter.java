package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;

/**
 * A tensor that training changes, and its gradient.
 *
 * @param name its path in the network, as in torchvision: {@code layer1.0.conv1.weight}
 * @param role what it is, which decides how it is stored in files and whether weight decay applies
 * @param value the current value, changed in place by the optimiser
 * @param gradient of the loss by {@code value}; layers add to it, the optimiser clears it; same shape as {@code value}
 */
public record Parameter(String name, Role role, Tensor value, Tensor gradient) {
    /** What a parameter is. */
    public enum Role {
        /** A convolution's weights, {@code [KH, KW, inChannels / groups, outChannels]}. */
        CONVOLUTION_WEIGHT,
        /** A linear layer's weights, {@code [inFeatures, outFeatures]}. */
        LINEAR_WEIGHT,
        /** Gamma of a batch normalisation, {@code [channels]}. */
        NORM_SCALE,
        /** Beta of a batch normalisation, {@code [channels]}. */
        NORM_SHIFT,
        /** An additive bias, {@code [outChannels]}. */
        BIAS
    }

    /** A parameter with a gradient of zeros. */
    public Parameter(String name, Role role, Tensor value) {
        this(name, role, value, Tensor.zeros(value.shape()));
    }
}
