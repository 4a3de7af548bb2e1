package org.resnet4j.kernel.plain;

import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.MapKernels;
import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.converted.ConvertedKernels;

/** The set of scalar kernels. */
public final class ScalarKernels {
    private static final int BLOCKS = 8;

    private ScalarKernels() {}

    public static Kernels create() {
        var float32 = new MapKernels(
                "scalar",
                new ScalarConvolution(),
                new ScalarNormalization(),
                new ScalarElementwise(),
                new ScalarPooling());
        return new Kernels(
                "scalar", float32, ConvertedKernels.of(float32, conversion()), conversion(), new ScalarPrediction());
    }

    /** Returns the conversion between floats and bfloat16. */
    public static ConversionKernel conversion() {
        return new ScalarConversion();
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
