package org.resnet4j.kernel.vector;

import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** Puts the vector kernels together; a class of its own so that without the module nothing loads it. */
public final class VectorKernels {
    private VectorKernels() {}

    public static Kernels create() {
        return create(hasManyRegisters());
    }

    /** @param manyRegisters whether tiles may use 32 vector registers, not 16 */
    public static Kernels create(boolean manyRegisters) {
        return new Kernels(
                "vector, " + VectorTiles.SPECIES.vectorBitSize() + " bit",
                new VectorConvolution(manyRegisters),
                new VectorPrediction(manyRegisters),
                new VectorNormalization(),
                new VectorElementwise(),
                new VectorPooling());
    }

    /** AVX-512 and Neon have 32 vector registers, AVX2 and SSE have 16. */
    private static boolean hasManyRegisters() {
        String architecture = System.getProperty("os.arch");
        return VectorTiles.SPECIES.vectorBitSize() == 512 || architecture.equals("aarch64");
    }
}
