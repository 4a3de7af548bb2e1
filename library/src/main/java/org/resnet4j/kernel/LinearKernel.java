package org.resnet4j.kernel;

import java.util.Arrays;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The fully connected layer, {@code y [rows, out] = x [rows, in] · w [in, out] + bias [out]}, as a 1x1 convolution with
 * one image pixel for each row.
 */
public final class LinearKernel {
    private static final Scratch.Floats SUMS = new Scratch.Floats();

    private final ConvolutionKernel convolution;

    public LinearKernel(ConvolutionKernel convolution) {
        this.convolution = convolution;
    }

    /** Computes {@code y}. */
    public void forward(int rows, int in, int out, float[] x, float[] w, float[] bias, float[] y, Workers workers) {
        convolution.forward(ConvolutionShape.matrix(rows, in, out), x, w, y, workers);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < out; k++) {
                y[row * out + k] += bias[k];
            }
        }
    }

    /** Computes {@code dx = dy · wᵀ}. */
    public void backwardData(int rows, int in, int out, float[] dy, float[] w, float[] dx, Workers workers) {
        convolution.backwardData(ConvolutionShape.matrix(rows, in, out), dy, w, dx, Accumulation.OVERWRITE, workers);
    }

    /** Adds {@code xᵀ · dy} to {@code dw} and the column sums of {@code dy} to {@code dBias}. */
    public void backwardWeights(
            int rows, int in, int out, float[] x, float[] dy, float[] dw, float[] dBias, Workers workers) {
        convolution.backwardWeights(ConvolutionShape.matrix(rows, in, out), x, dy, dw, workers);
        float[] sums = workers.shared().get(SUMS, out);
        Arrays.fill(sums, 0, out, 0f);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < out; k++) {
                sums[k] += dy[row * out + k];
            }
        }
        for (int k = 0; k < out; k++) {
            dBias[k] += sums[k];
        }
    }
}
