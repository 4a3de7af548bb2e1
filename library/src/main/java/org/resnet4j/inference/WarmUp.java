package org.resnet4j.inference;

import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/**
 * The warm-up of the kernels of a plan for {@link PlanOptions.Goal#FIRST_CALL}: it calls them on images of a few pixels.
 * Machine code is linked by the first call. The Vector API is called until the JIT compiler has compiled the kernels;
 * until then each vector is an object on the heap, and a network that takes 20 ms takes seconds.
 */
public final class WarmUp {
    private static final int CHANNELS = 64;
    private static final int SIZE = 8;

    /** The number of calls: about 10,000 iterations of each innermost loop, enough for the highest compilation tier. */
    private static final int CALLS = 24;

    private WarmUp() {}

    /**
     * Returns the kernels of a first call, and starts a thread that warms them up while the program reads weights and
     * pictures.
     *
     * @param threads the number of computing threads, including the caller
     */
    public static Compute start(int threads) {
        Kernels kernels = KernelLookup.soonest();
        start(kernels);
        return new Compute(kernels, new Workers(threads));
    }

    /** Starts a thread that warms up kernels. */
    static Thread start(Kernels kernels) {
        return Thread.ofPlatform().name("resnet4j-warm-up").daemon().start(() -> run(kernels));
    }

    private static void run(Kernels kernels) {
        var shape = new ConvolutionShape(1, SIZE, SIZE, CHANNELS, CHANNELS, new Window(3, 3, 1, 1), 1);
        PackedConvolution convolution = kernels.prediction()
                .packDirect(shape, new float[shape.weightSize()], new float[CHANNELS], Activation.RELU);
        var x = new float[shape.inputSize()];
        var y = new float[shape.outputSize()];
        int calls = kernels.prediction().isFastAtOnce() ? 1 : CALLS;
        try (var alone = new Workers(1)) {
            for (int call = 0; call < calls; call++) {
                convolution.run(shape, x, y, Accumulation.adding(call % 2 == 1), alone);
            }
        }
    }
}
