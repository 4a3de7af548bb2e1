package org.resnet4j.kernel.converted;

import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.parallel.PixelChunks;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Convolution of feature maps in bfloat16, computed on floats: some images at a time, so that their numbers stay in a
 * cache. As with instructions for bfloat16, weights are rounded, and sums are not.
 */
final class ConvertedConvolution implements ConvolutionKernel {
    /** The floats of the images that are converted at a time: 8 MB. */
    private static final int FLOATS = 2 * 1024 * 1024;

    private static final Scratch.Floats X = new Scratch.Floats();
    private static final Scratch.Floats Y = new Scratch.Floats();
    private static final Scratch.Floats WEIGHTS = new Scratch.Floats();
    private static final Scratch.Floats ROUNDED = new Scratch.Floats();

    private final ConvolutionKernel floats;
    private final Conversion conversion;

    ConvertedConvolution(ConvolutionKernel floats, Conversion conversion) {
        this.floats = floats;
        this.conversion = conversion;
    }

    /** Some images of a batch. */
    private record Part(ConvolutionShape shape, int firstInput, int firstOutput) {}

    @FunctionalInterface
    private interface PartUse {
        void run(Part part);
    }

    private static void parts(ConvolutionShape s, PartUse use) {
        int input = s.inputSize() / s.batch();
        int output = s.outputSize() / s.batch();
        int images = Math.clamp(FLOATS / (input + output), 1, s.batch());
        int parts = Math.ceilDiv(s.batch(), images);
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) part * s.batch() / parts);
            int to = (int) ((long) (part + 1) * s.batch() / parts);
            use.run(new Part(s.withImages(to - from, s.height(), s.width()), from * input, from * output));
        }
    }

    private float[] rounded(ConvolutionShape s, float[] w, Workers workers) {
        int size = s.weightSize();
        float[] pairs = workers.shared().get(ROUNDED, Math.ceilDiv(size, 2));
        conversion.round(w, pairs, 0, size, workers);
        return conversion.floats(WEIGHTS, pairs, 0, size, workers);
    }

    @Override
    public void forward(ConvolutionShape s, float[] x, float[] w, float[] y, Workers workers) {
        float[] weights = rounded(s, w, workers);
        parts(s, part -> {
            ConvolutionShape shape = part.shape();
            float[] numbers = conversion.floats(X, x, part.firstInput(), shape.inputSize(), workers);
            float[] results = workers.shared().get(Y, shape.outputSize());
            floats.forward(shape, numbers, weights, results, workers);
            conversion.round(results, y, part.firstOutput(), shape.outputSize(), workers);
        });
    }

    @Override
    public void backwardData(
            ConvolutionShape s, float[] dy, float[] w, float[] dx, Accumulation accumulation, Workers workers) {
        float[] weights = rounded(s, w, workers);
        parts(s, part -> {
            ConvolutionShape shape = part.shape();
            float[] gradients = conversion.floats(Y, dy, part.firstOutput(), shape.outputSize(), workers);
            float[] results = accumulation.adds()
                    ? conversion.floats(X, dx, part.firstInput(), shape.inputSize(), workers)
                    : workers.shared().get(X, shape.inputSize());
            floats.backwardData(shape, gradients, weights, results, accumulation, workers);
            conversion.round(results, dx, part.firstInput(), shape.inputSize(), workers);
        });
    }

    @Override
    public void backwardWeights(
            ConvolutionShape s, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers) {
        parts(s, part -> {
            ConvolutionShape shape = part.shape();
            float[] numbers = conversion.floats(X, x, part.firstInput(), shape.inputSize(), workers);
            float[] gradients = gradients(part, dy, late, workers);
            floats.backwardWeights(shape, numbers, gradients, dw, workers);
        });
    }

    /** Returns output gradients as floats, and computes them before. */
    private float[] gradients(Part part, float[] dy, LateGradient late, Workers workers) {
        int channels = part.shape().outChannels();
        int pixels = part.shape().outputSize() / channels;
        int first = part.firstOutput() / channels;
        float[] gradients = workers.shared().get(Y, pixels * channels);
        var chunks = PixelChunks.of(pixels, channels);
        workers.run(chunks.count(), (chunk, scratch) -> {
            int from = chunks.from(chunk);
            int to = chunks.to(chunk);
            late.compute(first + from, first + to, 0, channels);
            conversion
                    .kernel()
                    .toFloats(dy, (first + from) * channels, gradients, from * channels, (to - from) * channels);
        });
        return gradients;
    }
}
