package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/** A quantized convolution with packed weights, and with scaling, addition and ReLU in the same pass. Thread-safe. */
public interface Int8Convolution {
    /** Returns the bytes of the packed weights, factors and offsets. */
    long bytes();

    /**
     * Computes bytes: each result is rounded half to even and limited to the lowest result and 255. The halo of the
     * output and the bytes that fill up its pixels are not written.
     *
     * @param places the layouts of the images
     * @param x the input
     * @param residual the images that are added, or null if {@code places} has none; may be {@code y}
     * @param y the output, another array than {@code x}
     */
    void run(PaddedPlaces places, byte[] x, byte @Nullable [] residual, byte[] y, Workers workers);

    /**
     * Computes floats, neither rounded nor limited.
     *
     * @param places the layouts of the images, without a residual
     * @param x the input
     * @param y the output, {@code [batch, outHeight, outWidth, outChannels]}
     */
    void run(PaddedPlaces places, byte[] x, float[] y, Workers workers);
}
