package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;
import org.resnet4j.parallel.Workers;

/**
 * Pooling and rescaling of quantized images. As with {@link Int8Convolution}, the halo of the output and the bytes that
 * fill up its pixels are not written. Every implementation computes the same bits.
 */
public interface Int8MapKernel {
    /**
     * Computes max pooling. Padding is never the maximum.
     *
     * @param places the layouts, without a residual
     * @param y the output, another array than {@code x}
     */
    void maxPool(PaddedPlaces places, byte[] x, byte[] y, Workers workers);

    /**
     * Computes means over cells of {@code stride x stride} pixels; cells at the lower and right border contain only the
     * remaining pixels.
     *
     * @param places the layouts, without a residual; the shape is a 1x1 window at the first pixel of each cell
     * @param rescaling has one factor, which is divided by the number of pixels of a cell, and one offset
     * @param y the output, another array than {@code x}
     */
    void averagePool(PaddedPlaces places, Int8Rescaling rescaling, byte[] x, byte[] y, Workers workers);

    /**
     * Sums the bytes of each channel of each image, less than 2<sup>23</sup> pixels.
     *
     * @param images the layout of the input
     * @param sums receives {@code [batch, channels]}
     */
    void sum(PaddedImages images, byte[] x, int[] sums, Workers workers);

    /**
     * Converts each byte to another scale, with addition and ReLU in the same pass.
     *
     * @param places the layouts; the shape is a 1x1 window
     * @param rescaling its factors are those of each channel, or of each image and channel
     * @param residual the images that are added, or null if {@code places} has none; may be {@code y}
     * @param y the output, another array than {@code x}
     */
    void rescale(
            PaddedPlaces places,
            Int8Rescaling rescaling,
            byte[] x,
            byte @Nullable [] residual,
            byte[] y,
            Workers workers);
}
