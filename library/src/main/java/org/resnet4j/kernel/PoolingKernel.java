package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** Max pooling, average pooling and subsampling over NHWC. */
public interface PoolingKernel {
    /**
     * Computes the maximum of each window; padding is ignored.
     *
     * @param shape its {@code inChannels} and {@code outChannels} are equal, {@code groups} is 1
     */
    void maxForward(ConvolutionShape shape, float[] x, float[] y, Workers workers);

    /**
     * Computes {@code dx}: the gradient of each output goes to the first position, row by row, of its window's maximum.
     */
    void maxBackward(ConvolutionShape shape, float[] x, float[] y, float[] dy, float[] dx, Workers workers);

    /**
     * Computes means over the pixels of each image: {@code x [batch, pixels, channels]} to {@code y [batch, channels]}.
     */
    void averageForward(int batch, int pixels, int channels, float[] x, float[] y, Workers workers);

    /** Computes {@code dx [batch, pixels, channels] = dy [batch, channels] / pixels}. */
    void averageBackward(int batch, int pixels, int channels, float[] dy, float[] dx, Workers workers);

    /**
     * Computes means over cells of {@code stride x stride} pixels; cells at the lower and right border contain only the
     * remaining pixels.
     *
     * @param shape a 1x1 window without padding at the first pixel of each cell; input and output channels are equal
     */
    void cellsForward(ConvolutionShape shape, float[] x, float[] y, Workers workers);

    /** Computes {@code dx}: each pixel gets its share of the gradient of its cell's mean. */
    void cellsBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers);

    /**
     * Copies every {@code stride}-th pixel of {@code x}. Its channels are centered in {@code outChannels}, and the
     * others are zero.
     *
     * @param shape a 1x1 window without padding, {@code outChannels} at least {@code inChannels}
     */
    void subsample(ConvolutionShape shape, float[] x, float[] y, Workers workers);

    /** Computes {@code dx}, which is zero at the skipped pixels. */
    void subsampleBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers);
}
