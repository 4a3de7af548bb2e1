package org.resnet4j.kernel.machine;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.PairOuterProduct;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.machine.x64.Feature;
import org.resnet4j.machine.x64.Processor;

/** The kernels in machine code that this JVM can run. */
public final class MachineKernels {
    private static final Set<Feature> FLOAT32 = EnumSet.of(Feature.AVX512F);
    private static final Set<Feature> PIXELS =
            EnumSet.of(Feature.AVX512F, Feature.AVX512BW, Feature.AVX512DQ, Feature.AVX512VL);

    /** The floats of a vector, in panels of {@link #product} and {@link #pairProduct}. */
    public static final int LANES = TileCode.LANES;

    /** The name of kernels that multiply bfloat16 numbers. */
    public static final String BFLOAT16 = "machine code, AVX-512 BF16";

    private MachineKernels() {}

    /**
     * The result of looking for a kernel.
     *
     * @param kernel the kernel, if this JVM can run it
     * @param obstacle the reason why it cannot; empty if it can
     */
    public record Found<K>(Optional<K> kernel, String obstacle) {
        /** Returns what is made with the kernel. */
        public <R> Found<R> map(Function<? super K, ? extends R> maker) {
            return new Found<>(kernel.map(maker), obstacle);
        }

        /** Returns what is made with the kernel and another one. */
        public <R> Found<R> flatMap(Function<? super K, Found<R>> maker) {
            return kernel.map(maker).orElseGet(() -> new Found<>(Optional.empty(), obstacle));
        }
    }

    /** Writes the code of a kernel. */
    @FunctionalInterface
    private interface Maker<K> {
        K make() throws RefusedMemoryException;
    }

    private static <K> Found<K> find(Set<Feature> needed, Maker<K> maker) {
        String obstacle = MachineCode.obstacle();
        if (obstacle != null) {
            return new Found<>(Optional.empty(), obstacle);
        }
        try {
            Set<Feature> missing = EnumSet.copyOf(needed);
            missing.removeAll(Processor.features());
            return missing.isEmpty()
                    ? new Found<>(Optional.of(maker.make()), "")
                    : new Found<>(Optional.empty(), "the processor lacks " + missing);
        } catch (RefusedMemoryException refused) {
            return new Found<>(Optional.empty(), String.valueOf(refused.getMessage()));
        }
    }

    private static Set<Feature> pixelsAnd(Feature feature) {
        var needed = EnumSet.copyOf(PIXELS);
        needed.add(feature);
        return needed;
    }

    /**
     * Looks for the kernel of quantized convolutions.
     *
     * @param twin computes what is not written in machine code
     */
    public static Found<Int8Kernel> int8(Int8Kernel twin) {
        return find(pixelsAnd(Feature.AVX512_VNNI), () -> new MachineInt8(twin));
    }

    /**
     * Looks for the kernels for bfloat16.
     *
     * @param twin computes what is not written in machine code
     */
    public static Found<BFloat16Kernel> bfloat16(BFloat16Kernel twin) {
        return find(pixelsAnd(Feature.AVX512_BF16), () -> new MachineBFloat16(twin));
    }

    /** Looks for the product of floats. */
    public static Found<PanelProduct> product() {
        return find(FLOAT32, () -> new MachineProduct(ProductFormat.FLOATS));
    }

    /**
     * Looks for the product of {@link org.resnet4j.kernel.BFloat16Pairs}: rows and panels are pairs of which both numbers
     * meet, sums are floats, and results are rounded to pairs.
     */
    public static Found<PanelProduct> pairProduct() {
        return find(pixelsAnd(Feature.AVX512_BF16), () -> new MachineProduct(ProductFormat.PAIRS));
    }

    /** Looks for the outer product of floats. */
    public static Found<OuterProduct> outerProduct() {
        return find(FLOAT32, MachineOuterProduct::new);
    }

    /** Looks for the outer product of {@link org.resnet4j.kernel.BFloat16Pairs}. */
    public static Found<PairOuterProduct> pairOuterProduct() {
        return find(pixelsAnd(Feature.AVX512_BF16), MachinePairOuterProduct::new);
    }

    /**
     * Returns the convolutions of prediction that need neither the Vector API nor a JIT compiler.
     *
     * @param product a {@link #product}
     */
    public static PredictionKernel prediction(PanelProduct product) {
        return new MachinePrediction(product);
    }
}
