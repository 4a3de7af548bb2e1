package org.resnet4j.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark run that times the peers in turns (A B C A B C), so that other load on the machine affects them alike. A
 * peer that fails is named and left out, and the others go on. The run prints a table, whose columns docs/benchmarks.md
 * explains.
 */
final class Contest<P extends Peer> {
    /** The preparation of a peer. */
    @FunctionalInterface
    interface Entrance<P> {
        /** Returns a runner whose session has made its first call. */
        Runner enter(P peer, Workload workload, int threads, int rounds);
    }

    /** A profiler of our own steps. */
    @FunctionalInterface
    interface Profiler {
        /**
         * Profiles a workload.
         *
         * @param leastSteps the minimum number of steps for the medians
         */
        Profile profile(Workload workload, int threads, int leastSteps);
    }

    /** Longer than the 200 ms for which the threads of OpenMP spin. */
    private static final long REST_MILLISECONDS = 250;

    private final Task task;
    private final Options options;
    private final List<P> peers;
    private final Entrance<P> entrance;
    private final List<Profiler> profilers;

    /**
     * Creates a contest.
     *
     * @param profilers the profilers of our own steps, run after the rounds
     */
    Contest(Task task, Options options, List<P> peers, Entrance<P> entrance, List<Profiler> profilers) {
        this.task = task;
        this.options = options;
        this.peers = new ArrayList<>(peers);
        this.entrance = entrance;
        this.profilers = List.copyOf(profilers);
    }

    /**
     * Measures all combinations that the options name, and closes the peers.
     *
     * @throws BenchmarkFailedException if our library fails or computes wrong results
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
        List.copyOf(peers).forEach(this::describe);
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
                for (Profiler profiler : profilers) {
                    profilesOfWorkload.add(profiler.profile(workload, threads, options.rounds()));
                    profiles.add(profilesOfWorkload.getLast());
                    write(options.profileCsv(), ProfileReport.csv(profiles));
                }
            }
            profilesOfWorkload.forEach(
                    profile -> System.out.printf("%n%s", ProfileReport.table(profile, options.profile())));
        }
    }

    /** Prints the description of a peer; one that has none does not take part. */
    private void describe(P peer) {
        try {
            System.out.println(peer.name() + ": " + peer.describe());
        } catch (RuntimeException | LinkageError e) {
            leaveOut(peer, e);
            peers.remove(peer);
            peer.close();
        }
    }

    private List<Measurement> measure(Workload workload, int threads) {
        double peak = PeakProbe.gigaflops(threads);
        Map<P, Runner> runners = new LinkedHashMap<>();
        try {
            for (P peer : peers) {
                attempt(
                        peer,
                        runners,
                        () -> runners.put(peer, entrance.enter(peer, workload, threads, options.rounds())));
            }
            eachOf(runners, runner -> runner.warmUp(task.warmUpCalls(), task.warmUpMilliseconds()));
            for (int round = 0; round < options.rounds(); round++) {
                int current = round;
                for (P peer : List.copyOf(runners.keySet())) {
                    rest();
                    attempt(peer, runners, () -> running(runners, peer).round(current));
                }
            }
            List<Measurement> measured = new ArrayList<>();
            eachOf(runners, runner -> measured.add(runner.measurement(task, workload, threads, peak)));
            return measured;
        } finally {
            for (P peer : List.copyOf(runners.keySet())) {
                attempt(peer, runners, () -> running(runners, peer).close());
            }
        }
    }

    private void eachOf(Map<P, Runner> runners, Consumer<Runner> turn) {
        for (P peer : List.copyOf(runners.keySet())) {
            attempt(peer, runners, () -> turn.accept(running(runners, peer)));
        }
    }

    private Runner running(Map<P, Runner> runners, P peer) {
        return requireNonNull(runners.get(peer));
    }

    /**
     * Lets a peer take a turn. If it fails, it is named and left out of this workload.
     *
     * @throws BenchmarkFailedException if our library fails, without which there is nothing to compare
     */
    private void attempt(P peer, Map<P, Runner> runners, Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | LinkageError e) {
            Runner failed = runners.remove(peer);
            if (Precision.engine(peer.name()).startsWith(Resnet4j.NAME)) {
                throw e;
            }
            leaveOut(peer, e);
            if (failed != null) {
                close(peer, failed);
            }
        }
    }

    private void close(P peer, Runner failed) {
        try {
            failed.close();
        } catch (RuntimeException e) {
            leaveOut(peer, e);
        }
    }

    private static void leaveOut(Peer peer, Throwable e) {
        System.out.println(
                peer.name() + ": left out, " + (e instanceof BenchmarkFailedException ? e.getMessage() : e.toString()));
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
