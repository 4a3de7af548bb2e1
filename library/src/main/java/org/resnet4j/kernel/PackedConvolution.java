package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** A convolution whose weights are packed, with bias, addition and ReLU in the same pass. Immutable; for many threads. */
public interface PackedConvolution {
    /** How it is computed, for people: {@code "direct"}, {@code "winograd 4x4"}. */
    String algorithm();

    /** Bytes of the packed weights and the bias. */
    long bytes();

    /**
     * Writes {@code y = activation(conv(x) + bias)}, or with {@code add} {@code y = activation(conv(x) + bias + y)}: a
     * shortcut is added where it stands.
     *
     * @param shape as it was packed, but for batch, height and width
     * @param x {@code [batch, height, width, inChannels]}
     * @param y {@code [batch, outHeight, outWidth, outChannels]}, not the same array as {@code x}
     */
    void run(ConvolutionShape shape, float[] x, float[] y, boolean add, Workers workers);
}
