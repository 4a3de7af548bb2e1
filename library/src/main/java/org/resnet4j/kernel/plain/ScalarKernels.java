package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.Kernels;

/** The set of scalar kernels. */
public final class ScalarKernels {
    private ScalarKernels() {}

    public static Kernels create() {
        return new Kernels(
                "scalar",
                new ScalarConvolution(),
                new ScalarPrediction(),
                new ScalarNormalization(),
                new ScalarElementwise(),
                new ScalarPooling());
    }
}
