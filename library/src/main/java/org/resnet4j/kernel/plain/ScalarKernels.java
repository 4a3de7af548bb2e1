package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.Kernels;

/** Assembles the scalar kernels. */
public final class ScalarKernels {
    private ScalarKernels() {}

    public static Kernels create() {
        var convolution = new ScalarConvolution();
        return new Kernels(
                "scalar",
                convolution,
                new ScalarPrediction(),
                new ScalarNormalization(),
                new ScalarElementwise(),
                new ScalarPooling(),
                new ConvolutionLinear(convolution),
                new ScalarGate(),
                new ScalarLoss(),
                new ScalarUpdate());
    }
}
