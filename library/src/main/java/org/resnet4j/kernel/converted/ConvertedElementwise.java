package org.resnet4j.kernel.converted;

import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Elementwise operations on feature maps in bfloat16, computed on floats. */
final class ConvertedElementwise implements ElementwiseKernel {
    private static final Scratch.Floats X = new Scratch.Floats();
    private static final Scratch.Floats Y = new Scratch.Floats();

    private final ElementwiseKernel floats;
    private final Conversion conversion;

    ConvertedElementwise(ElementwiseKernel floats, Conversion conversion) {
        this.floats = floats;
        this.conversion = conversion;
    }

    @Override
    public void relu(int size, float[] x, float[] y, Workers workers) {
        float[] numbers = conversion.floats(X, x, 0, size, workers);
        floats.relu(size, numbers, numbers, workers);
        conversion.round(numbers, y, 0, size, workers);
    }

    @Override
    public void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers) {
        float[] results = conversion.floats(Y, y, 0, size, workers);
        float[] gradients = conversion.floats(X, dy, 0, size, workers);
        floats.reluBackward(size, results, gradients, gradients, workers);
        conversion.round(gradients, dx, 0, size, workers);
    }

    /** An operation {@code y = y op x}. */
    @FunctionalInterface
    private interface Operation {
        void run(int size, float[] x, float[] y, Workers workers);
    }

    private void run(Operation operation, int size, float[] x, float[] y, Workers workers) {
        float[] right = conversion.floats(X, x, 0, size, workers);
        float[] left = conversion.floats(Y, y, 0, size, workers);
        operation.run(size, right, left, workers);
        conversion.round(left, y, 0, size, workers);
    }

    @Override
    public void add(int size, float[] x, float[] y, Workers workers) {
        run(floats::add, size, x, y, workers);
    }

    @Override
    public void multiply(int size, float[] x, float[] y, Workers workers) {
        run(floats::multiply, size, x, y, workers);
    }
}
