package org.resnet4j.image.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DecodingMemoryTest {
    private static final long UNIT = 1 << 12;

    @Test
    void aScopeTakesWhatItsLargestPictureNeedsAndGivesItBack() {
        var memory = new DecodingMemory(100 * UNIT);
        try (var scope = memory.enter()) {
            DecodingMemory.reserve(30 * UNIT);
            assertEquals(70 * UNIT, memory.freeBytes());
            DecodingMemory.reserve(10 * UNIT);
            assertEquals(70 * UNIT, memory.freeBytes());
            try (var inner = memory.enter()) {
                DecodingMemory.reserve(40 * UNIT);
            }
            assertEquals(60 * UNIT, memory.freeBytes(), "the outer scope holds it");
        }
        assertEquals(100 * UNIT, memory.freeBytes());
        DecodingMemory.reserve(30 * UNIT);
        assertEquals(100 * UNIT, memory.freeBytes(), "nobody would give it back");
    }

    @Test
    void aPictureLargerThanAllIsDecodedAlone() {
        var memory = new DecodingMemory(100 * UNIT);
        try (var scope = memory.enter()) {
            DecodingMemory.reserve(1_000_000 * UNIT);
            assertEquals(0, memory.freeBytes());
        }
        assertEquals(100 * UNIT, memory.freeBytes());
    }

    @Test
    void threadsTogetherNeverTakeMore() throws Exception {
        var memory = new DecodingMemory(10 * UNIT);
        var inWork = new AtomicLong();
        var most = new AtomicLong();
        var tasks = new ArrayList<Callable<Void>>();
        for (int task = 0; task < 200; task++) {
            long bytes = UNIT * (1 + task * 7 % 10);
            tasks.add(() -> {
                try (var scope = memory.enter()) {
                    DecodingMemory.reserve(UNIT);
                    DecodingMemory.reserve(bytes); // grows, as when a frame follows a canvas
                    most.accumulateAndGet(inWork.addAndGet(bytes), Math::max);
                    Thread.sleep(1);
                    inWork.addAndGet(-bytes);
                }
                return null;
            });
        }
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Future<Void>> done = pool.invokeAll(tasks);
            for (Future<Void> each : done) {
                each.get();
            }
        }
        assertTrue(most.get() <= 10 * UNIT, "in work at once: " + most.get());
        assertEquals(10 * UNIT, memory.freeBytes());
    }
}
