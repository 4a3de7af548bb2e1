package org.resnet4j.layer;

/**
 * A layer that is {@code factor · x + offset} for each channel in evaluation, with what follows it: it can be folded into the
 * convolution before it.
 */
public sealed interface AffineLayer extends SummingLayer permits BatchNorm2d, Bias2d {
    /** How many channels. */
    int channels();

    /** What a channel is multiplied by in evaluation. */
    double factor(int channel);

    /** What is added to a channel in evaluation. */
    double offset(int channel);

    @Override
    AffineLayer withoutActivation();
}
