package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class RunnerTest {
    private static final Workload WORKLOAD = Workload.named("resnet20");

    /** A session with a simulated clock: call number i takes a given number of milliseconds. */
    private static final class Scripted implements Session {
        private final IntToDoubleFunction milliseconds;
        private int calls;

        Scripted(IntToDoubleFunction milliseconds) {
            this.milliseconds = milliseconds;
        }

        @Override
        public void call() {
            calls++;
        }

        @Override
        public Timing time(int count) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += milliseconds.applyAsDouble(calls);
                call();
            }
            return new Timing((long) (sum * 1e6), 100L * count);
        }

        @Override
        public void close() {}
    }

    private static Measurement measure(Scripted session, int rounds) {
        try (var runner = new Runner("peer", session, rounds, () -> new Evidence.Agreement(0))) {
            runner.warmUp(20, 3000);
            for (int round = 0; round < rounds; round++) {
                runner.round(round);
            }
            return runner.measurement(Task.PREDICTION, WORKLOAD, 1, 100);
        }
    }

    @Test
    void theWarmUpHasItsLeastCallsAndTime() {
        var fast = new Scripted(call -> 10);
        measure(fast, 1);
        assertEquals(300 + 1 + 25, fast.calls, "3000 ms of warm-up, a call that is not timed and a round of 250 ms");
        var slow = new Scripted(call -> 1000);
        measure(slow, 1);
        assertEquals(12 + 1 + 1, slow.calls, "12 s are enough");
    }

    @Test
    void theWarmUpGoesOnWhileItGetsFaster() {
        var compiling = new Scripted(call -> call < 20 ? 100 : 10);
        Measurement one = measure(compiling, 2);
        assertArrayEquals(new double[] {10, 10}, one.milliseconds(), 1e-9);
        // 2010 ms up to and including the first fast call, and the same time again
        assertEquals(20 + 202 + 2 * (1 + 25), compiling.calls, 1);
    }

    @Test
    void theWarmUpEndsThoughItStillGetsFaster() {
        var endless = new Scripted(call -> 500 * Math.pow(0.975, call));
        measure(endless, 1);
        // the first 55 calls take 15 s together; then a round of two calls
        assertEquals(55 + 1 + 2, endless.calls, 1);
    }

    @Test
    void aRoundIsAMeanOfItsCalls() {
        Measurement one = measure(new Scripted(call -> call % 2 == 0 ? 10 : 12), 3);
        assertEquals(11, one.medianMilliseconds(), 0.1);
        assertEquals(100, one.allocatedBytes());
    }
}
