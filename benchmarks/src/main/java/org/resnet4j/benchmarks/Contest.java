package org.resnet4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark run that times the peers in turns (A B C A B C), so that other load on the machine affects them alike. It
 * prints a table, whose columns docs/benchmarks.md explains.
 */
final class Contest<P extends Peer> {
    /** The preparation of a peer. */
    @FunctionalInterface
    interface Entrance<P> {
        /** Returns a runner whose session has made its first call. */
        Runner enter(P peer, Workload workload, int threads, int rounds);
    }

    /** Longer than the 200 ms for which the threads of OpenMP spin. */
    private static final long REST_MILLISECONDS = 250;

    private final Task task;
    private final Options options;
    private final List<P> peers;
    private final Entrance<P> entrance;

    private final @Nullable StepProfiler profiler;

    /**
     * Creates a contest.
     *
     * @param profiler the profiler of our own steps, run after the rounds; null for none
     */
    Contest(Task task, Options options, List<P> peers, Entrance<P> entrance, @Nullable StepProfiler profiler) {
        this.task = task;
        this.options = options;
        this.peers = peers;
        this.entrance = entrance;
        this.profiler = profiler;
    }

    /**
     * Measures all combinations that the options name, and closes the peers.
     *
     * @throws BenchmarkFailedException if a peer fails or computes wrong results
     */
    void run() {
        try {
            measure();
        } finally {
            peers.forEach(Peer::close);
        }
    }

    private void measure() {
        System.out.printf(
                "Java %s, %s, %d processors%n",
                Runtime.version(),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
        peers.forEach(peer -> System.out.println(peer.name() + ": " + peer.describe()));
        List<Measurement> all = new ArrayList<>();
        List<Profile> profiles = new ArrayList<>();
        for (Workload workload : options.workloads()) {
            System.out.printf("%n%s%n%s%n", Report.title(task, workload), Report.header(task));
            List<Measurement> ofWorkload = new ArrayList<>();
            List<Profile> profilesOfWorkload = new ArrayList<>();
            for (int threads : options.threads()) {
                List<Measurement> group = measure(workload, threads);
                ofWorkload.addAll(group);
                group.forEach(one -> System.out.println(Report.row(one, group, ofWorkload)));
                all.addAll(group);
                // after every group, so that an interrupted run keeps its results
                write(options.csv(), Report.csv(task, all));
                if (profiler != null) {
                    profilesOfWorkload.add(profiler.profile(workload, threads, options.rounds()));
                    profiles.add(profilesOfWorkload.getLast());
                    write(options.profileCsv(), ProfileReport.csv(profiles));
                }
            }
            profilesOfWorkload.forEach(
                    profile -> System.out.printf("%n%s", ProfileReport.table(profile, options.profile())));
        }
    }

    private List<Measurement> measure(Workload workload, int threads) {
        double peak = PeakProbe.gigaflops(threads);
        List<Runner> runners = new ArrayList<>();
        try {
            for (P peer : peers) {
                runners.add(entrance.enter(peer, workload, threads, options.rounds()));
            }
            runners.forEach(runner -> runner.warmUp(task.warmUpCalls(), task.warmUpMilliseconds()));
            for (int round = 0; round < options.rounds(); round++) {
                for (Runner runner : runners) {
                    rest();
                    runner.round(round);
                }
            }
            return runners.stream()
                    .map(runner -> runner.measurement(task, workload, threads, peak))
                    .toList();
        } finally {
            runners.forEach(Runner::close);
        }
    }

    /**
     * Pauses between peers: the threads of OpenMP and ONNX Runtime continue to spin after a call and would disturb the
     * next peer.
     */
    private static void rest() {
        try {
            Thread.sleep(REST_MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted");
        }
    }

    private static void write(@Nullable Path csv, String text) {
        if (csv == null) {
            return;
        }
        try {
            Files.writeString(csv, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
