package org.resnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.resnet4j.benchmarks.KernelTimer.Step;
import org.resnet4j.kernel.Kernels;

/** A profiler of our training step. It measures separate steps, so that the compared ones run without its clock. */
final class StepProfiler {
    private static final int WARM_UP_STEPS = 3;
    private static final double WARM_UP_MILLISECONDS = 2_000;
    private static final double MILLISECONDS = 2_000;

    private final Supplier<Kernels> kernels;

    /**
     * Creates a profiler.
     *
     * @param kernels the source of the kernels to time
     */
    StepProfiler(Supplier<Kernels> kernels) {
        this.kernels = kernels;
    }

    /**
     * Profiles a workload.
     *
     * @param leastSteps the minimum number of steps for the medians; short steps are repeated more often
     */
    Profile profile(Workload workload, int threads, int leastSteps) {
        var timer = new KernelTimer(System::nanoTime);
        try (Session session = new Resnet4jTraining(1).prepare(workload, threads, timer.around(kernels.get()))) {
            steps(timer, session, WARM_UP_STEPS, WARM_UP_MILLISECONDS);
            double peak = PeakProbe.gigaflops(threads);
            return Profile.of(workload, threads, peak, steps(timer, session, leastSteps, MILLISECONDS));
        }
    }

    private static List<Step> steps(KernelTimer timer, Session session, int least, double leastMilliseconds) {
        List<Step> steps = new ArrayList<>();
        double sum = 0;
        while (steps.size() < least || sum < leastMilliseconds) {
            Step step = timer.time(session::call);
            steps.add(step);
            sum += step.nanoseconds() / 1e6;
        }
        return steps;
    }
}
