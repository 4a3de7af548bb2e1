package org.resnet4j.kernel.converted;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PoolingKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Pooling of feature maps in bfloat16, computed on floats. */
final class ConvertedPooling implements PoolingKernel {
    private static final Scratch.Floats X = new Scratch.Floats();
    private static final Scratch.Floats Y = new Scratch.Floats();
    private static final Scratch.Floats DX = new Scratch.Floats();
    private static final Scratch.Floats DY = new Scratch.Floats();

    private final PoolingKernel floats;
    private final Conversion conversion;

    ConvertedPooling(PoolingKernel floats, Conversion conversion) {
        this.floats = floats;
        this.conversion = conversion;
    }

    /** A pass from one feature map to another. */
    @FunctionalInterface
    private interface Pass {
        void run(ConvolutionShape shape, float[] from, float[] to, Workers workers);
    }

    private void forward(Pass pass, ConvolutionShape shape, float[] x, float[] y, Workers workers) {
        float[] numbers = conversion.floats(X, x, 0, shape.inputSize(), workers);
        float[] results = workers.shared().get(Y, shape.outputSize());
        pass.run(shape, numbers, results, workers);
        conversion.round(results, y, 0, shape.outputSize(), workers);
    }

    private void backward(Pass pass, ConvolutionShape shape, float[] dy, float[] dx, Workers workers) {
        float[] gradients = conversion.floats(DY, dy, 0, shape.outputSize(), workers);
        float[] results = workers.shared().get(DX, shape.inputSize());
        pass.run(shape, gradients, results, workers);
        conversion.round(results, dx, 0, shape.inputSize(), workers);
    }

    @Override
    public void maxForward(ConvolutionShape shape, float[] x, float[] y, Workers workers) {
        forward(floats::maxForward, shape, x, y, workers);
    }

    @Override
    public void maxBackward(ConvolutionShape shape, float[] x, float[] y, float[] dy, float[] dx, Workers workers) {
        float[] numbers = conversion.floats(X, x, 0, shape.inputSize(), workers);
        float[] results = conversion.floats(Y, y, 0, shape.outputSize(), workers);
        backward(
                (s, gradients, to, threads) -> floats.maxBackward(s, numbers, results, gradients, to, threads),
                shape,
                dy,
                dx,
                workers);
    }

    @Override
    public void averageForward(int batch, int pixels, int channels, float[] x, float[] y, Workers workers) {
        floats.averageForward(
                batch, pixels, channels, conversion.floats(X, x, 0, batch * pixels * channels, workers), y, workers);
    }

    @Override
    public void averageBackward(int batch, int pixels, int channels, float[] dy, float[] dx, Workers workers) {
        int size = batch * pixels * channels;
        float[] results = workers.shared().get(DX, size);
        floats.averageBackward(batch, pixels, channels, dy, results, workers);
        conversion.round(results, dx, 0, size, workers);
    }

    @Override
    public void cellsForward(ConvolutionShape shape, float[] x, float[] y, Workers workers) {
        forward(floats::cellsForward, shape, x, y, workers);
    }

    @Override
    public void cellsBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers) {
        backward(floats::cellsBackward, shape, dy, dx, workers);
    }

    @Override
    public void subsample(ConvolutionShape shape, float[] x, float[] y, Workers workers) {
        forward(floats::subsample, shape, x, y, workers);
    }

    @Override
    public void subsampleBackward(ConvolutionShape shape, float[] dy, float[] dx, Workers workers) {
        backward(floats::subsampleBackward, shape, dy, dx, workers);
    }
}
