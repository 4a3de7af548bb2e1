package org.resnet4j.kernel.machine;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.machine.x64.Feature;
import org.resnet4j.machine.x64.Processor;

/** The kernels in machine code that this JVM can run. */
public final class MachineKernels {
    private static final Set<Feature> INT8 =
            EnumSet.of(Feature.AVX512F, Feature.AVX512BW, Feature.AVX512DQ, Feature.AVX512VL, Feature.AVX512_VNNI);

    private final @Nullable Int8Kernel int8;
    private final String obstacle;

    private MachineKernels(@Nullable Int8Kernel int8, String obstacle) {
        this.int8 = int8;
        this.obstacle = obstacle;
    }

    /**
     * Looks for the kernels.
     *
     * @param twin computes what is not written in machine code
     */
    public static MachineKernels find(Int8Kernel twin) {
        String obstacle = MachineCode.obstacle();
        if (obstacle != null) {
            return new MachineKernels(null, obstacle);
        }
        try {
            Set<Feature> missing = EnumSet.copyOf(INT8);
            missing.removeAll(Processor.features());
            return missing.isEmpty()
                    ? new MachineKernels(new MachineInt8(twin), "")
                    : new MachineKernels(null, "the processor lacks " + missing);
        } catch (RefusedMemoryException refused) {
            return new MachineKernels(null, String.valueOf(refused.getMessage()));
        }
    }

    /** Returns the product of floats, if this JVM can run it. */
    public static Optional<PanelProduct> product() {
        try {
            return MachineCode.obstacle() == null && Processor.features().contains(Feature.AVX512F)
                    ? Optional.of(new MachineProduct())
                    : Optional.empty();
        } catch (RefusedMemoryException refused) {
            return Optional.empty();
        }
    }

    /**
     * Returns the convolutions of prediction that need neither the Vector API nor a JIT compiler.
     *
     * @param product a {@link #product}
     */
    public static PredictionKernel prediction(PanelProduct product) {
        return new MachinePrediction(product);
    }

    /** Returns the kernel of quantized convolutions, if there is one. */
    public Optional<Int8Kernel> int8() {
        return Optional.ofNullable(int8);
    }

    /** Returns the reason why there is no kernel; empty if there is. */
    public String obstacle() {
        return obstacle;
    }
}
