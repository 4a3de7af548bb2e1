package org.resnet4j.kernel;

import java.util.Arrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/** Prints the kernels of a first call, and the bits of a convolution that they compute. */
final class FirstCallProgram {
    private FirstCallProgram() {}

    public static void main(String[] arguments) {
        System.out.println(describe(KernelLookup.soonest()));
    }

    static String describe(Kernels kernels) {
        var shape = new ConvolutionShape(1, 9, 7, 20, 70, new Window(3, 3, 1, 1), 1);
        var random = new RandomArrays(8);
        float[] x = random.uniform(shape.inputSize(), -1, 1);
        float[] w = random.uniform(shape.weightSize(), -1, 1);
        float[] bias = random.uniform(shape.outChannels(), -1, 1);
        float[] y = new float[shape.outputSize()];
        try (var workers = new Workers(2)) {
            kernels.prediction()
                    .packDirect(shape, w, bias, Activation.RELU)
                    .run(shape, x, y, Accumulation.OVERWRITE, workers);
        }
        return kernels.name() + ", hash " + Arrays.hashCode(y);
    }
}
