package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Tensor.Format;

class PlanMemoryTest {
    private static final int SIZE = 96;

    private static PlanOptions options(Kernels kernels, Workers workers, int batch, Format format) {
        return new PlanOptions(new Compute(kernels, workers), batch, SIZE, SIZE).withFormat(format);
    }

    /** The buffers of steps that run image by image are counted as if they did not, so that they are fewer. */
    private static void assertBuffers(InferencePlan plan, PlanMemory memory) {
        assertTrue(memory.buffers() > 0.95 * plan.bufferBytes(), memory + ", but " + plan.bufferBytes());
        assertTrue(memory.buffers() < 5 * plan.bufferBytes(), memory + ", but " + plan.bufferBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet20", "plain56", "resnext50_32x4d"})
    void memoryIsCountedWithoutWeights(String name) {
        ResNet network = ResNet.undrawn(ResNets.named(name));
        try (var workers = new Workers(2)) {
            for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
                for (int batch : new int[] {1, 16}) {
                    PlanOptions options = options(kernels, workers, batch, Format.FLOAT32);
                    InferencePlan plan = InferencePlan.compile(network, options);
                    PlanMemory memory = PlanMemory.of(network, options, false);
                    assertEquals(plan.weightBytes(), memory.weights(), kernels.name() + ", batch " + batch);
                    assertBuffers(plan, memory);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet20", "resnext50_32x4d"})
    void halfTheMemoryIsCountedForBFloat16(String name) {
        ResNet network = ResNet.undrawn(ResNets.named(name));
        try (var workers = new Workers(2)) {
            PlanOptions options = options(KernelLookup.vector(), workers, 16, Format.BFLOAT16);
            InferencePlan plan = InferencePlan.compile(network, options);
            PlanMemory memory = PlanMemory.of(network, options, false);
            assertTrue(memory.weights() >= plan.weightBytes(), memory + ", but " + plan.weightBytes());
            assertTrue(memory.weights() < 1.1 * plan.weightBytes(), memory + ", but " + plan.weightBytes());
            assertBuffers(plan, memory);
        }
    }
}
