package org.resnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.benchmarks.KernelTimer.Step;
import org.resnet4j.kernel.Kernels;

/**
 * A profiler of our training step. It measures separate steps, so that the compared ones run without its clock.
 *
 * @param training the training whose steps are profiled
 * @param kernels the kernels to time
 */
record StepProfiler(Resnet4jTraining training, Kernels kernels) implements Contest.Profiler {
    private static final int WARM_UP_STEPS = 3;
    private static final double WARM_UP_MILLISECONDS = 2_000;
    private static final double MILLISECONDS = 2_000;

    /** Profiles a workload; short steps are repeated more often than required. */
    @Override
    public Profile profile(Workload workload, int threads, int leastSteps) {
        var timer = new KernelTimer(System::nanoTime);
        try (Session session = training.prepare(workload, threads, timer.around(kernels))) {
            steps(timer, session, WARM_UP_STEPS, WARM_UP_MILLISECONDS);
            var machine = new Profile.Machine(PeakProbe.gigaflops(threads), CopyProbe.gigabytes(threads));
            return Profile.of(
                    training.name(), workload, threads, machine, steps(timer, session, leastSteps, MILLISECONDS));
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
