package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Tensor;

/**
 * Tests that after the first calls a plan allocates no buffers and, once its kernels are compiled, nothing in their
 * loops.
 */
class PlanAllocationTest {
    /**
     * The allowance for shapes and lambdas, some hundred bytes per operation. The first result of the larger image
     * takes 187 KB.
     */
    private static final long ALLOWED = 48 << 10;

    /**
     * The time limit for compilation. Until the JIT compiler has compiled the vector kernels, each of their vectors is
     * an object. Compilation takes a second, or several on a busy machine. A plan that always allocates is still
     * detected.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int IN_A_ROW = 20;

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /**
     * Returns the bytes of the largest of the first consecutive calls that stay within the allowance, or of the last
     * call.
     */
    private static long steady(InferencePlan plan, int batch, int height, int width) {
        Tensor images = StreamNetworks.images(batch, height, width);
        Tensor features = Tensor.zeros(batch, plan.spec().features());
        Tensor logits = Tensor.zeros(batch, plan.spec().classes());
        long largest = 0;
        int inARow = 0;
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int call = 0; inARow < IN_A_ROW && System.nanoTime() < end; call++) {
            long before = allocated();
            if (call % 2 == 0) {
                plan.predict(images, logits);
            } else {
                plan.predict(images, features, logits);
            }
            long bytes = allocated() - before;
            largest = inARow == 0 ? bytes : Math.max(largest, bytes);
            inARow = bytes <= ALLOWED ? inARow + 1 : 0;
        }
        return largest;
    }

    private static void assertSteady(Kernels kernels) {
        ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
        // one thread, because allocations of helper threads are not counted
        try (var workers = new Workers(1)) {
            var plan = InferencePlan.compile(network, new PlanOptions(new Compute(kernels, workers), 1, 32, 32));
            for (int[] size : new int[][] {{1, 20, 20}, {1, 90, 130}, {3, 20, 20}, {3, 90, 130}}) {
                long bytes = steady(plan, size[0], size[1], size[2]);
                String what = size[0] + " images of " + size[1] + "x" + size[2] + " with " + kernels.name();
                assertTrue(bytes <= ALLOWED, () -> "a call with " + what + " allocates " + bytes + " bytes");
            }
        }
    }

    @Test
    void aCallAllocatesNothingThatGrowsWithItsImages() {
        assertSteady(KernelLookup.vector());
    }

    @Test
    void withScalarKernelsNeither() {
        assertSteady(KernelLookup.scalar());
    }
}
