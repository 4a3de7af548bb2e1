package org.resnet4j.kernel;

import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/** A small program that convolves with the best available kernels, and prints their name and the result. */
public final class FallbackProgram {
    private FallbackProgram() {}

    public static void main(String[] arguments) {
        Kernels kernels = KernelLookup.best();
        var shape = new ConvolutionShape(1, 3, 3, 1, 1, new Window(3, 3, 1, 1), 1);
        float[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        float[] y = new float[9];
        try (var workers = new Workers(2)) {
            kernels.convolution().forward(shape, ones, ones, y, workers);
        }
        System.out.println(kernels.name() + ", center " + y[4] + ", corner " + y[0]);
    }
}
