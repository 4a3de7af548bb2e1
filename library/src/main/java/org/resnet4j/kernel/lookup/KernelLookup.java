package org.resnet4j.kernel.lookup;

import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.MapKernels;
import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.machine.MachineKernels;
import org.resnet4j.kernel.pairs.PairConvolution;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.PairOuterProduct;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.VectorKernels;

/** The selection of kernels for this JVM. */
public final class KernelLookup {
    private static final System.Logger LOGGER = System.getLogger(KernelLookup.class.getName());

    /** The module that the vector kernels require. */
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private static final String SLOWER = "%s computes without machine code, several times slower";

    private KernelLookup() {}

    /** Returns true if the JVM was started with the Vector API module. */
    public static boolean isVectorAvailable() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    /**
     * Returns the fastest kernels that this JVM can run: {@link #vector()} if the module is present; otherwise, with a
     * warning in the log, {@link #scalar()}.
     */
    public static Kernels best() {
        if (isVectorAvailable()) {
            WithoutFma.log();
            return vector();
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "The Vector API is not available, so resnet4j computes many times slower. Start Java with"
                        + " --add-modules {0}.",
                VECTOR_MODULE);
        return scalar();
    }

    /** Tells once that this JVM multiplies and adds in two instructions. */
    private static final class WithoutFma {
        static {
            if (!FusedMultiplyAdd.IS_INSTRUCTION) {
                LOGGER.log(
                        System.Logger.Level.INFO,
                        "The processor has no fused multiply-add (FMA), or the virtual machine hides it, so resnet4j"
                                + " computes about half as fast, with other roundings.");
            }
        }

        /** Initializes this class. */
        static void log() {}
    }

    /**
     * Returns the kernels on the Vector API.
     *
     * @throws IllegalStateException if the JVM was started without the module
     */
    public static Kernels vector() {
        if (!isVectorAvailable()) {
            throw new IllegalStateException("start Java with --add-modules " + VECTOR_MODULE);
        }
        return VectorKernels.create(KernelLookup::outerProduct).withBFloat16(() -> BFloatMaps.KERNELS);
    }

    /**
     * Returns the kernels with which the first prediction of a process is soonest: convolutions in machine code and plain
     * loops, for which the JIT compiler has little to do; without machine code, {@link #best()}.
     */
    public static Kernels soonest() {
        return MachineKernels.product().kernel().map(KernelLookup::soonest).orElseGet(KernelLookup::best);
    }

    private static Kernels soonest(PanelProduct product) {
        Kernels scalar = scalar();
        return new Kernels(
                "machine code",
                scalar.float32(),
                scalar.bfloat16(),
                scalar.conversion(),
                MachineKernels.prediction(product));
    }

    /** Returns plain loops: the reference implementation, and the fallback without the module. */
    public static Kernels scalar() {
        return ScalarKernels.create();
    }

    /**
     * Returns the kernel of pictures that is fastest at this moment: plain loops until the JIT compiler has compiled those
     * on the Vector API, some seconds after the first call. All compute the same bits.
     */
    public static PixelKernel pixels() {
        return SharedPixels.current();
    }

    /**
     * Returns the fastest kernel of quantized convolutions that this JVM can run: in machine code; otherwise, with a line
     * in the log that says why, on the Vector API or in plain loops. All compute the same bits.
     */
    public static Int8Kernel int8() {
        return Int8.KERNEL;
    }

    /**
     * Returns plain loops for everything in quantized networks that is not a convolution. The first calls are faster than
     * on the Vector API, whose vectors are objects on the heap until they are compiled; later ones are slower.
     */
    public static Int8MapKernel plainInt8Maps() {
        return ScalarKernels.int8().maps();
    }

    /**
     * Returns the fastest kernels for bfloat16 that this JVM can run: in machine code; otherwise, with a line in the log
     * that says why, on the Vector API or in plain loops. All compute the same bits.
     */
    public static BFloat16Kernel bfloat16() {
        return BFloats.KERNEL;
    }

    /** Returns the fastest outer product of floats in vectors of 512 bits: in machine code, or on the Vector API. */
    public static OuterProduct outerProduct() {
        return OuterProducts.PRODUCT;
    }

    private static <K> K inMachineCode(MachineKernels.Found<K> machine, String consequence, String twinName, K twin) {
        return machine.kernel().orElseGet(() -> {
            LOGGER.log(System.Logger.Level.INFO, "{0} ({1}): {2}", consequence, twinName, machine.obstacle());
            return twin;
        });
    }

    /** The kernel of quantized convolutions, which all threads share. */
    private static final class Int8 {
        private static final Int8Kernel KERNEL = find();

        private static Int8Kernel find() {
            Int8Kernel twin = isVectorAvailable() ? VectorKernels.int8() : ScalarKernels.int8();
            return inMachineCode(MachineKernels.int8(twin), SLOWER.formatted("int8"), twin.name(), twin);
        }
    }

    /** The kernels for bfloat16, which all threads share. */
    private static final class BFloats {
        private static final BFloat16Kernel KERNEL = find();

        private static BFloat16Kernel find() {
            BFloat16Kernel twin = isVectorAvailable() ? VectorKernels.bfloat16() : ScalarKernels.bfloat16();
            return inMachineCode(MachineKernels.bfloat16(twin), SLOWER.formatted("bfloat16"), twin.name(), twin);
        }
    }

    /** The kernels for feature maps in bfloat16, which all threads share. */
    private static final class BFloatMaps {
        private static final MapKernels KERNELS = find();

        private static MapKernels find() {
            Kernels twins = VectorKernels.create(KernelLookup::outerProduct);
            MapKernels twin = twins.bfloat16();
            return inMachineCode(
                    MachineKernels.pairProduct()
                            .flatMap(product -> MachineKernels.pairOuterProduct()
                                    .map(outer -> ofPairs(product, outer, twin, twins.conversion()))),
                    "bfloat16 is trained without machine code, no faster than float32",
                    twin.name(),
                    twin);
        }

        private static MapKernels ofPairs(
                PanelProduct product, PairOuterProduct outer, MapKernels twin, ConversionKernel conversion) {
            var tiling = new Tiling(MachineKernels.LANES, true, product);
            return new MapKernels(
                    MachineKernels.BFLOAT16,
                    new PairConvolution(tiling, outer, conversion, twin.convolution()),
                    twin.normalization(),
                    twin.elementwise(),
                    twin.pooling());
        }
    }

    /**
     * The outer product of floats, which all threads share. It is found when it is needed, because predictions do not need
     * it, and writing its code takes as long as a few of them.
     */
    private static final class OuterProducts {
        private static final OuterProduct PRODUCT =
                MachineKernels.outerProduct().kernel().orElseGet(VectorKernels::outerProduct);
    }
}
