package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.vector.VectorKernels;

class WarmUpTest {
    static final List<Kernels> KERNELS =
            List.of(KernelLookup.soonest(), KernelLookup.vector(), KernelLookup.scalar(), VectorKernels.create());

    @ParameterizedTest
    @FieldSource("KERNELS")
    void endsByItselfAndDoesNotKeepAProgramAlive(Kernels kernels) throws InterruptedException {
        Thread thread = WarmUp.start(kernels);
        assertTrue(thread.isDaemon());
        assertTrue(thread.join(Duration.ofSeconds(60)), "still warming up after a minute");
        assertFalse(thread.isAlive());
    }
}
