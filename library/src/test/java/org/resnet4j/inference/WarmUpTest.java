package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.kernel.lookup.KernelLookup;

class WarmUpTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsByItselfAndDoesNotKeepAProgramAlive(boolean vector) throws InterruptedException {
        Thread thread = WarmUp.start(vector ? KernelLookup.vector() : KernelLookup.scalar());
        assertTrue(thread.isDaemon());
        assertTrue(thread.join(Duration.ofSeconds(60)), "still warming up after a minute");
        assertFalse(thread.isAlive());
    }
}
