package org.resnet4j.kernel;

import org.resnet4j.parallel.Workers;

/** Max pooling, average pooling and subsampling over NHWC. */
public interface PoolingKernel {
    /**
     * Writes the largest value of each window. The border is ignored: padding never wins.
     *
     * @param shape its {@code inChannels} and {@code outChannels} are equal, {@code groups} is 1
     */
    void maxForward(ConvolutionShape shape, float[] x, float[] y, Workers workers);

    /** Writes {@code dx}: each output's gradient goes to the first place, row by row, that held the window's maximum. */
    void maxBackward(ConvolutionShape shape, float[] x, float[] y, float[] dy, float[] dx, Workers workers);

    /** Means over the pixels of each image: {@code x [batch, pixels, channels]} to {@code y [batch, channels]}. */
    void averageForward(int batch, int pixels, int channels, float[] x, float[] y, Workers workers);

    /** {@code dx [batch, pixels, channels] = dy [batch, channels] / pixels}. */
    void averageBackward(int batch, int pixels, int channels, float[] dy, float[] dx, Workers workers);

    /**
     * Means over cells of {@code stride x stride} pixels; cells at the lower and right border have the pixels that are left.
     *
     * @param shape a 1x1 window without padding at the first pixel of each cell, as many channels out as in
     */
    void cellsForward(ConvolutionShape shape, float[] x, float[] y, Workers workers);

    /** Writes {@code dx}: each pixel's share of the gradient to its cell's mean. */
    void cellsBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers);

    /**
     * Writes every {@code stride}-th pixel of {@code x}; its channels stand in the middle of {@code outChannels}, the others
     * are zero.
     *
     * @param shape a 1x1 window without padding, {@code outChannels} at least {@code inChannels}
     */
    void subsample(ConvolutionShape shape, float[] x, float[] y, Workers workers);

    /** Writes {@code dx}: zero at the pixels that were left out. */
    void subsampleBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers);
}
