package org.resnet4j.kernel.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.vector.VectorKernels;

/** Compares classes, because a kernel has no other sign. */
class SharedPixelsTest {
    @Test
    @Timeout(120)
    void theVectorsTakeThePlaceOfThePlainLoops() throws InterruptedException {
        assumeTrue(FusedMultiplyAdd.IS_INSTRUCTION, "so old a processor keeps the plain loops");
        Class<? extends PixelKernel> plain = ScalarKernels.pixels().getClass();
        Class<? extends PixelKernel> vector = VectorKernels.pixels().getClass();
        assertTrue(vector != plain, "the machine's vectors are too short, or the module is missing");
        Class<? extends PixelKernel> current = KernelLookup.pixels().getClass();
        while (current == plain) {
            Thread.sleep(Duration.ofMillis(20));
            current = KernelLookup.pixels().getClass();
        }
        assertEquals(vector, current);
    }
}
