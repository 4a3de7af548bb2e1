package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.resnet4j.benchmarks.KernelTimer.Call;
import org.resnet4j.benchmarks.KernelTimer.Step;
import org.resnet4j.benchmarks.KernelTimer.Total;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

class KernelTimerTest {
    private static final Workload WORKLOAD = Workload.named("resnet20").withBatch(2);

    /** Returns a timer whose clock advances by ten on each reading. */
    private static KernelTimer ticking() {
        var time = new AtomicLong();
        return new KernelTimer(() -> time.addAndGet(10));
    }

    @Test
    void callsAreCountedAndTimedEachStepAnew() {
        KernelTimer timer = ticking();
        Kernels kernels = timer.around(KernelLookup.scalar());
        float[] results = new float[2];
        try (var workers = new Workers(1)) {
            Runnable relu = () -> kernels.elementwise().relu(2, new float[] {-3, 3}, results, workers);
            Step first = timer.time(() -> {
                relu.run();
                relu.run();
            });
            var call = new Call("elementwise", "relu", null, 16);
            assertEquals(new Step(50, Map.of(call, new Total(2, 20))), first);
            assertEquals(new Step(30, Map.of(call, new Total(1, 10))), timer.time(relu));
            assertEquals(3f, results[1]);
        }
    }

    @Test
    void whatAKernelThrowsComesThrough() {
        KernelTimer timer = ticking();
        Kernels kernels = timer.around(KernelLookup.scalar());
        try (var workers = new Workers(1)) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> kernels.elementwise().relu(2, new float[2], new float[1], workers));
        }
    }

    @Test
    void timedStepsComputeWhatUntimedOnesDo() {
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            assertEquals(
                    losses(precision, KernelLookup.best(), ticking()),
                    losses(precision, ticking().around(KernelLookup.best()), ticking()));
        }
    }

    private static List<Double> losses(Precision precision, Kernels kernels, KernelTimer timer) {
        List<Double> losses = new ArrayList<>();
        try (var session = new Resnet4jTraining(precision, Resnet4j.NAME, 1).prepare(WORKLOAD, 1, kernels)) {
            for (int step = 0; step < 3; step++) {
                timer.time(session::call);
                losses.add(session.loss());
            }
        }
        assertTrue(losses.getLast() < losses.getFirst(), "losses " + losses);
        return losses;
    }
}
