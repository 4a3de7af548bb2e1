package org.resnet4j.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void everyPieceRunsExactlyOnce(int threads) {
        try (var workers = new Workers(threads)) {
            assertEquals(threads, workers.threads());
            for (int count : new int[] {1, 2, 3, 7, 64, 1000}) {
                var runs = new AtomicIntegerArray(count);
                workers.run(count, (index, scratch) -> runs.incrementAndGet(index));
                for (int i = 0; i < count; i++) {
                    assertEquals(1, runs.get(i), "piece " + i + " of " + count);
                }
            }
        }
    }

    @Test
    void noPiecesAreNoWork() {
        try (var workers = new Workers(2)) {
            workers.run(0, (index, scratch) -> {
                throw new IllegalStateException("nobody asked for piece " + index);
            });
        }
    }

    @Test
    void whatPiecesWriteIsSeenByTheCaller() {
        try (var workers = new Workers(3)) {
            long[] squares = new long[500];
            for (int round = 1; round <= 50; round++) {
                int factor = round;
                workers.run(squares.length, (index, scratch) -> squares[index] = (long) factor * index);
                for (int i = 0; i < squares.length; i++) {
                    assertEquals((long) round * i, squares[i]);
                }
            }
        }
    }

    @Test
    void helperThreadsTakePart() {
        try (var workers = new Workers(2)) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            var both = new CountDownLatch(2);
            // Each piece waits for the other, so a single thread could never finish.
            workers.run(2, (index, scratch) -> {
                threads.add(Thread.currentThread());
                both.countDown();
                await(both);
            });
            assertEquals(2, threads.size());
            assertTrue(threads.contains(Thread.currentThread()), "the caller takes part");
        }
    }

    @Test
    void everyThreadBeginsWithItsOwnShareAndThenHelps() {
        try (var workers = new Workers(2)) {
            Thread caller = Thread.currentThread();
            for (int round = 0; round < 20; round++) {
                var firsts = new CountDownLatch(2);
                var others = new CountDownLatch(5);
                Set<Integer> ofCaller = ConcurrentHashMap.newKeySet();
                workers.run(6, (index, scratch) -> {
                    if (Thread.currentThread() == caller) {
                        ofCaller.add(index);
                    }
                    if (index == 0) {
                        firsts.countDown();
                        await(firsts);
                        await(others);
                        return;
                    }
                    if (index == 3) {
                        firsts.countDown();
                        await(firsts);
                    }
                    others.countDown();
                });
                assertEquals(Set.of(0), ofCaller, "the helper does what the caller has no time for");
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS), "the other thread does not come");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneThreadRunsEverythingInTheCaller() {
        try (var workers = new Workers(1)) {
            var order = new StringBuilder();
            Thread caller = Thread.currentThread();
            workers.run(5, (index, scratch) -> {
                assertSame(caller, Thread.currentThread());
                order.append(index);
            });
            assertEquals("01234", order.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatAPieceThrowsComesOutAndThePoolStaysUsable(int threads) {
        try (var workers = new Workers(threads)) {
            for (int round = 0; round < 20; round++) {
                int bad = round;
                var thrown = assertThrows(
                        IllegalArgumentException.class,
                        () -> workers.run(20, (index, scratch) -> {
                            if (index == bad) {
                                throw new IllegalArgumentException("piece " + index);
                            }
                        }));
                assertEquals("piece " + round, thrown.getMessage());
                var runs = new AtomicInteger();
                workers.run(20, (index, scratch) -> runs.incrementAndGet());
                assertEquals(20, runs.get());
            }
        }
    }

    @Test
    void whatAPieceThrowsOnAHelperThreadComesOut() {
        try (var workers = new Workers(2)) {
            Thread caller = Thread.currentThread();
            var both = new CountDownLatch(2);
            var thrown = assertThrows(
                    IllegalStateException.class,
                    () -> workers.run(2, (index, scratch) -> {
                        both.countDown();
                        await(both);
                        if (Thread.currentThread() != caller) {
                            throw new IllegalStateException("on the helper");
                        }
                    }));
            assertEquals("on the helper", thrown.getMessage());
        }
    }

    @Test
    void errorsComeOutAsTheyAre() {
        try (var workers = new Workers(2)) {
            assertThrows(
                    OutOfMemoryError.class,
                    () -> workers.run(4, (index, scratch) -> {
                        throw new OutOfMemoryError("piece " + index);
                    }));
            assertThrows(
                    AssertionError.class,
                    () -> workers.run(4, (index, scratch) -> {
                        throw new AssertionError("piece " + index);
                    }));
        }
    }

    @Test
    void jobsOfTwoThreadsTakeTurns() throws InterruptedException {
        try (var workers = new Workers(2)) {
            var busyWith = new AtomicInteger();
            var overlaps = new AtomicInteger();
            var pieces = new AtomicInteger();
            var first = Thread.ofPlatform().start(() -> runMarkedJobs(workers, 1, busyWith, overlaps, pieces));
            var second = Thread.ofPlatform().start(() -> runMarkedJobs(workers, 2, busyWith, overlaps, pieces));
            first.join();
            second.join();
            assertEquals(2 * 200 * 4, pieces.get());
            assertEquals(0, overlaps.get(), "pieces of two jobs ran at once");
        }
    }

    /** The first piece of a job marks the pool as busy; a piece that sees another mark reveals a concurrent job. */
    private static void runMarkedJobs(
            Workers workers, int mark, AtomicInteger busyWith, AtomicInteger overlaps, AtomicInteger pieces) {
        for (int job = 0; job < 200; job++) {
            var left = new AtomicInteger(4);
            workers.run(4, (index, scratch) -> {
                int before = busyWith.getAndSet(mark);
                if (before != 0 && before != mark) {
                    overlaps.incrementAndGet();
                }
                pieces.incrementAndGet();
                if (left.decrementAndGet() == 0) {
                    busyWith.set(0);
                }
            });
        }
    }

    @Test
    void tensOfThousandsOfTinyJobsEnd() {
        try (var workers = new Workers(2)) {
            int jobs = 30_000;
            var runs = new AtomicInteger();
            for (int job = 0; job < jobs; job++) {
                workers.run(2, (index, scratch) -> runs.incrementAndGet());
            }
            assertEquals(2 * jobs, runs.get());
        }
    }

    /** A sleeping helper must wake up for a later job. */
    @Test
    void helpersWakeUpAfterAPause() throws InterruptedException {
        try (var workers = new Workers(2)) {
            for (int round = 0; round < 5; round++) {
                Thread.sleep(30);
                var both = new CountDownLatch(2);
                workers.run(2, (index, scratch) -> {
                    both.countDown();
                    await(both);
                });
            }
        }
    }

    @Test
    void eachThreadKeepsItsScratch() {
        try (var workers = new Workers(2)) {
            var firsts = new ConcurrentHashMap<Thread, Scratch>();
            for (int round = 0; round < 20; round++) {
                workers.run(8, (index, scratch) -> {
                    Scratch known = firsts.putIfAbsent(Thread.currentThread(), scratch);
                    assertTrue(known == null || known == scratch, "another scratch came");
                });
            }
            Scratch shared = workers.shared();
            assertSame(shared, workers.shared());
            firsts.values().forEach(scratch -> assertNotSame(shared, scratch));
            assertEquals(firsts.size(), Set.copyOf(firsts.values()).size(), "two threads have one scratch");
        }
    }

    /** A program may create many pools in one thread, which would otherwise retain all their arrays. */
    @Test
    void closeLetsGoOfTheScratchOfItsThread() throws InterruptedException {
        var workers = new Workers(1);
        var shared = new WeakReference<>(workers.shared());
        workers.close();
        for (int i = 0; i < 100 && shared.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(shared.get());
        assertEquals(1, workers.threads());
    }

    @Test
    void closeTwiceIsCloseOnce() {
        var workers = new Workers(3);
        workers.run(3, (index, scratch) -> {});
        workers.close();
        workers.close();
        assertThrows(IllegalStateException.class, () -> workers.run(1, (index, scratch) -> {}));
    }

    @Test
    void closeEndsTheHelperThreads() throws InterruptedException {
        Set<Thread> helpers = ConcurrentHashMap.newKeySet();
        try (var workers = new Workers(2)) {
            var both = new CountDownLatch(2);
            workers.run(2, (index, scratch) -> {
                helpers.add(Thread.currentThread());
                both.countDown();
                await(both);
            });
        }
        helpers.remove(Thread.currentThread());
        for (Thread helper : helpers) {
            helper.join(30_000);
            assertFalse(helper.isAlive(), helper::getName);
        }
        assertEquals(1, helpers.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void fewerThanOneThreadIsRefused(int threads) {
        var thrown = assertThrows(IllegalArgumentException.class, () -> new Workers(threads));
        assertTrue(thrown.getMessage().contains(Integer.toString(threads)), thrown.getMessage());
    }

    @Test
    void sumsInTheOrderOfThePiecesDoNotDependOnTheThreads() {
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i) * 1e3f;
        }
        float[] sums = new float[3];
        for (int threads = 1; threads <= 3; threads++) {
            try (var workers = new Workers(threads)) {
                float[] parts = new float[10];
                workers.run(10, (index, scratch) -> {
                    float sum = 0;
                    for (int i = index * 1000; i < (index + 1) * 1000; i++) {
                        sum += values[i];
                    }
                    parts[index] = sum;
                });
                for (float part : parts) {
                    sums[threads - 1] += part;
                }
            }
        }
        float[] same = new float[3];
        Arrays.fill(same, sums[0]);
        assertArrayEquals(same, sums);
    }
}
