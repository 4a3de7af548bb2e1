package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** A convolution with packed weights, and with bias, addition and ReLU in the same pass. Immutable and thread-safe. */
public interface PackedConvolution {
    /** Returns the display name of the algorithm: {@code "direct"}, {@code "winograd 4x4"}. */
    String algorithm();

    /** Returns the bytes of the packed weights and the bias. */
    long bytes();

    /**
     * Computes {@code y = activation(conv(x) + bias)}, or with {@link Accumulation#ADD} {@code y = activation(conv(x) + bias + y)},
     * which adds a shortcut in place.
     *
     * @param shape the packed shape, with any batch, height and width
     * @param x {@code [batch, height, width, inChannels]}
     * @param y {@code [batch, outHeight, outWidth, outChannels]}, not the same array as {@code x}
     */
    void run(ConvolutionShape shape, float[] x, float[] y, Accumulation accumulation, Workers workers);
}
