package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LinearKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** The fully connected layer as a 1x1 convolution over an image of one pixel for each row. */
public final class ConvolutionLinear implements LinearKernel {
    private static final Scratch.Floats SUMS = new Scratch.Floats();

    private final ConvolutionKernel convolution;

    public ConvolutionLinear(ConvolutionKernel convolution) {
        this.convolution = convolution;
    }

    private static ConvolutionShape shape(int rows, int in, int out) {
        return new ConvolutionShape(1, 1, rows, in, out, 1, 1, 1, 0, 1);
    }

    @Override
    public void forward(int rows, int in, int out, float[] x, float[] w, float[] bias, float[] y, Workers workers) {
        convolution.forward(shape(rows, in, out), x, w, y, workers);
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < out; k++) {
                y[row * out + k] += bias[k];
            }
        }
    }

    @Override
    public void backwardData(int rows, int in, int out, float[] dy, float[] w, float[] dx, Workers workers) {
        convolution.backwardData(shape(rows, in, out), dy, w, dx, false, workers);
    }

    @Override
    public void backwardWeights(
            int rows, int in, int out, float[] x, float[] dy, float[] dw, float[] dBias, Workers workers) {
        convolution.backwardWeights(shape(rows, in, out), x, dy, dw, workers);
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
