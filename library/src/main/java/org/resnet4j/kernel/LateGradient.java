package org.resnet4j.kernel;

import org.resnet4j.parallel.PixelChunks;
import org.resnet4j.parallel.Workers;

/**
 * A deferred gradient: the second pass of a normalization's backward ({@link NormalizationKernel#beginBackward}). The
 * weight gradient of the preceding convolution computes it on first read, while it is in the cache.
 *
 * <p>The gradient is {@code [pixels, channels]}; each element must be computed once.
 */
@FunctionalInterface
public interface LateGradient {
    /** A gradient that is already computed. */
    LateGradient THERE = (fromPixel, toPixel, fromChannel, toChannel) -> {};

    /**
     * Computes some channels of pixels {@code fromPixel} to {@code toPixel - 1}. Called by several threads at the same
     * time.
     */
    void compute(int fromPixel, int toPixel, int fromChannel, int toChannel);

    /** Computes the whole gradient. */
    default void computeAll(int pixels, int channels, Workers workers) {
        var chunks = PixelChunks.of(pixels, channels);
        workers.run(chunks.count(), (chunk, scratch) -> compute(chunks.from(chunk), chunks.to(chunk), 0, channels));
    }
}
