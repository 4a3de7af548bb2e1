package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PixelKernel;

/** The set of scalar kernels. */
public final class ScalarKernels {
    private static final int BLOCKS = 8;

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

    /** Returns the kernel of pictures. */
    public static PixelKernel pixels() {
        return new ScalarPixels(BLOCKS);
    }

    /** Returns the kernel of quantized convolutions. */
    public static Int8Kernel int8() {
        return new ScalarInt8();
    }

    /** Returns the kernels for bfloat16. */
    public static BFloat16Kernel bfloat16() {
        return new ScalarBFloat16();
    }
}
