package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.GateKernel;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.LinearKernel;
import org.resnet4j.kernel.LossKernel;
import org.resnet4j.kernel.UpdateKernel;

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
                new LinearKernel(convolution),
                new GateKernel(),
                new LossKernel(),
                new UpdateKernel());
    }
}
