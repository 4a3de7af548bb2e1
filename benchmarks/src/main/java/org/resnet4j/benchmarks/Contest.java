package org.resnet4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times the peers in turns: A B C A B C, so that whatever else the machine does meets them alike. Prints a table; see
 * docs/benchmarks.md for what the columns mean.
 */
final class Contest<P extends Peer> {
    /** Prepares one peer. */
    @FunctionalInterface
    interface Entrance<P> {
        /** A runner whose session has made its first call. */
        Runner enter(P peer, Workload workload, int threads, int rounds);
    }

    /** Longer than the 200 ms for which OpenMP's threads spin. */
    private static final long REST_MILLISECONDS = 250;

    private final Task task;
    private final Options options;
    private final List<P> peers;
    private final Entrance<P> entrance;

    private final @Nullable StepProfiler profiler;

    /** @param profiler looks into our own steps when the rounds are over, if given */
    Contest(Task task, Options options, List<P> peers, Entrance<P> entrance, @Nullable StepProfiler profiler) {
        this.task = task;
        this.options = options;
        this.peers = peers;
        this.entrance = entrance;
        this.profiler = profiler;
    }

    /**
     * Measures everything that the options name, and frees the peers.
     *
     * @throws BenchmarkFailedException if a peer does not do its work
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
                // after every group: a long run that is stopped leaves what it has
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

    /** The threads of OpenMP and of ONNX Runtime go on spinning for a while after a call, on the next peer's processors. */
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
