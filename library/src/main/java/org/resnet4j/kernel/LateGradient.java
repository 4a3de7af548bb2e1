package org.resnet4j.kernel;

import org.resnet4j.parallel.PixelChunks;
import org.resnet4j.parallel.Workers;

/**
 * A gradient that is computed where it is read first, while it is in the cache: the second pass of normalisation's backward
 * ({@link NormalizationKernel#beginBackward}), done by the gradient to the weights of the convolution before it.
 *
 * <p>The gradient is {@code [pixels, channels]}; each element must be computed once.
 */
@FunctionalInterface
public interface LateGradient {
    /** A gradient that is there already. */
    LateGradient THERE = (fromPixel, toPixel, fromChannel, toChannel) -> {};

    /** Computes some channels of pixels {@code fromPixel} to {@code toPixel - 1}; from several threads at once. */
    void compute(int fromPixel, int toPixel, int fromChannel, int toChannel);

    /** Computes all of it. */
    default void computeAll(int pixels, int channels, Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        workers.run(chunks.count(), (chunk, scratch) -> compute(chunks.from(chunk), chunks.to(chunk), 0, channels));
    }
}
