package org.resnet4j.kernel.converted;

import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.MapKernels;

/** The set of kernels for feature maps in bfloat16 that compute on floats. */
public final class ConvertedKernels {
    private ConvertedKernels() {}

    /** Returns kernels that run those for floats. */
    public static MapKernels of(MapKernels floats, ConversionKernel kernel) {
        var conversion = new Conversion(kernel);
        return new MapKernels(
                floats.name(),
                new ConvertedConvolution(floats.convolution(), conversion),
                new ConvertedNormalization(floats.normalization(), conversion),
                new ConvertedElementwise(floats.elementwise(), conversion),
                new ConvertedPooling(floats.pooling(), conversion));
    }
}
