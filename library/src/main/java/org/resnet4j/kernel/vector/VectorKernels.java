package org.resnet4j.kernel.vector;

import java.util.function.Supplier;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.MapKernels;
import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.converted.ConvertedKernels;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.plain.ScalarPooling;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.product.VectorOuterProduct;
import org.resnet4j.kernel.vector.product.VectorProduct;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** The set of vector kernels. A separate class, so that it is not loaded without the module. */
public final class VectorKernels {
    private VectorKernels() {}

    /** Creates the kernels with products on the Vector API. */
    public static Kernels create() {
        return create(VectorKernels::outerProduct);
    }

    /**
     * Creates the kernels with products on the Vector API, except one.
     *
     * @param wide sums the weight gradients where vectors have 512 bits; asked for when the first is computed
     */
    public static Kernels create(Supplier<OuterProduct> wide) {
        return create(
                new Tiling(VectorTiles.LANES, hasManyRegisters(), new VectorProduct()),
                VectorTiles.SPECIES.vectorBitSize() == 512 ? wide : VectorKernels::outerProduct);
    }

    /** Returns the outer product on the Vector API. */
    public static OuterProduct outerProduct() {
        return new VectorOuterProduct();
    }

    /**
     * Creates the kernels.
     *
     * @param tiling the tiles of the machine
     * @param outerProduct sums the weight gradients; asked for when the first is computed
     */
    public static Kernels create(Tiling tiling, Supplier<OuterProduct> outerProduct) {
        String name = VectorTiles.NAME;
        var float32 = new MapKernels(
                name,
                new VectorConvolution(tiling, outerProduct),
                new VectorNormalization(new VectorNormalizationPasses()),
                new VectorElementwise(),
                // so old a processor has no maxima of vectors
                FusedMultiplyAdd.IS_INSTRUCTION ? new VectorPooling() : new ScalarPooling());
        ConversionKernel conversion = VectorPairs.IS_SUPPORTED ? new VectorConversion() : ScalarKernels.conversion();
        return new Kernels(name, float32, bfloat16(float32, conversion), conversion, new VectorPrediction(tiling));
    }

    private static MapKernels bfloat16(MapKernels float32, ConversionKernel conversion) {
        MapKernels converted = ConvertedKernels.of(float32, conversion);
        if (!VectorPairs.IS_SUPPORTED || !FusedMultiplyAdd.IS_INSTRUCTION) {
            return converted;
        }
        return new MapKernels(
                converted.name(),
                converted.convolution(),
                new VectorNormalization(new PairNormalizationPasses()),
                new PairElementwise(),
                new PairPooling());
    }

    /**
     * Returns the kernel of pictures; the scalar one where vectors have fewer than 128 or more than 512 bits, and on
     * processors without {@link FusedMultiplyAdd}, whose vectors of integers lack other instructions too.
     */
    public static PixelKernel pixels() {
        return VectorPixels.isSupported() && FusedMultiplyAdd.IS_INSTRUCTION
                ? new VectorPixels()
                : ScalarKernels.pixels();
    }

    /** Returns the kernel of quantized convolutions. */
    public static Int8Kernel int8() {
        return new VectorInt8();
    }

    /** Returns the kernels for bfloat16; the scalar ones without {@link FusedMultiplyAdd}, which their bits depend on. */
    public static BFloat16Kernel bfloat16() {
        return VectorTiles.LANES < 4 || !FusedMultiplyAdd.IS_INSTRUCTION
                ? ScalarKernels.bfloat16()
                : new VectorBFloat16();
    }

    /** Returns true for AVX-512 and Neon, which have 32 vector registers; AVX2 and SSE have 16. */
    private static boolean hasManyRegisters() {
        String architecture = System.getProperty("os.arch");
        return VectorTiles.SPECIES.vectorBitSize() == 512 || architecture.equals("aarch64");
    }
}
