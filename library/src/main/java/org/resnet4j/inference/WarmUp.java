package org.resnet4j.inference;

import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.Window;
import org.resnet4j.parallel.Workers;

/**
 * Brings the kernels of a plan for {@link PlanOptions.Goal#FIRST_CALL} to the Java compiler's notice, on images of a few
 * pixels: until their methods are compiled, vectors are objects, and a network that takes 20 ms takes seconds.
 */
public final class WarmUp {
    private static final int CHANNELS = 64;
    private static final int SIZE = 8;

    /** Some 10,000 turns of the innermost loop each: enough for the compiler's last tier. */
    private static final int CALLS = 24;

    private WarmUp() {}

    /**
     * Starts a thread that warms up beside whatever else is to be done first, reading weights and pictures.
     *
     * @return the thread, which nobody need wait for
     */
    public static Thread start(Kernels kernels) {
        return Thread.ofPlatform().name("resnet4j-warm-up").daemon().start(() -> run(kernels));
    }

    private static void run(Kernels kernels) {
        var shape = new ConvolutionShape(1, SIZE, SIZE, CHANNELS, CHANNELS, new Window(3, 3, 1, 1), 1);
        PackedConvolution convolution = kernels.prediction()
                .packDirect(shape, new float[shape.weightSize()], new float[CHANNELS], Activation.RELU);
        var x = new float[shape.inputSize()];
        var y = new float[shape.outputSize()];
        try (var alone = new Workers(1)) {
            for (int call = 0; call < CALLS; call++) {
                convolution.run(shape, x, y, Accumulation.adding(call % 2 == 1), alone);
            }
        }
    }
}
