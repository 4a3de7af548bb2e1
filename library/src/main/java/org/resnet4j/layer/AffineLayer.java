package org.resnet4j.layer;

/**
 * A layer that computes {@code activation(factor · x + offset + residual)} for each channel in evaluation. It can be folded into
 * the convolution before it.
 */
public sealed interface AffineLayer extends SummingLayer permits BatchNorm2d, Bias2d {
    /** Returns the number of channels. */
    int channels();

    /** Returns the factor of a channel in evaluation. */
    double factor(int channel);

    /** Returns the offset of a channel in evaluation. */
    double offset(int channel);

    @Override
    AffineLayer withoutActivation();
}
