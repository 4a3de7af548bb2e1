package org.resnet4j.kernel;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.resnet4j.kernel.machine.MachineKernels;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.kernel.vector.product.VectorProduct;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** The register tiles that this machine can run. */
public final class Tilings {
    /** The tiles on the Vector API for 32 registers. */
    public static final Tiling MANY = new Tiling(VectorTiles.LANES, true, new VectorProduct());

    /** All tiles: on the Vector API, and in machine code if this JVM can run it. */
    public static final List<Named<Tiling>> ALL = Stream.concat(
                    Stream.of(
                            Named.of("vector, many registers", MANY),
                            Named.of("vector, few registers", MANY.withFewRegisters())),
                    MachineKernels.product().kernel().stream()
                            .map(product -> Named.of("machine code", new Tiling(VectorTiles.LANES, true, product))))
            .toList();

    private Tilings() {}

    /** Returns the kernels that use tiles, and the outer product that goes with them. */
    public static Kernels kernels(Tiling tiling) {
        boolean vector = tiling.product() instanceof VectorProduct;
        return VectorKernels.create(
                tiling,
                () -> vector
                        ? VectorKernels.outerProduct()
                        : MachineKernels.outerProduct().kernel().orElseThrow());
    }
}
