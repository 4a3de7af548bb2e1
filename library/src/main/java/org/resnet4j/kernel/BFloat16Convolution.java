package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * A convolution in bfloat16 with packed weights. Products are summed in float32, and bias, addition and ReLU are
 * computed in float32 in the same pass. Thread-safe.
 */
public interface BFloat16Convolution {
    /** Returns the bytes of the packed weights and the bias. */
    long bytes();

    /**
     * Computes results in bfloat16. The halo of the output and the elements that fill up its pixels are not written.
     *
     * @param places the layouts of the images
     * @param x the input; the elements that fill up its pixels are finite
     * @param residual the images that are added, or null if {@code places} has none; may be {@code y}
     * @param y the output, another array than {@code x}
     */
    void run(PaddedPlaces places, short[] x, short @Nullable [] residual, short[] y, Workers workers);

    /**
     * Computes results in float32.
     *
     * @param places the layouts of the images, without a residual
     * @param x the input; the elements that fill up its pixels are finite
     * @param y the output, {@code [batch, outHeight, outWidth, outChannels]}
     */
    void run(PaddedPlaces places, short[] x, float[] y, Workers workers);
}
