package org.resnet4j.layer;

/**
 * A layer that, in evaluation, computes {@code activation(factor · x + offset + residual)} for each channel. It can be
 * folded into the preceding convolution.
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
