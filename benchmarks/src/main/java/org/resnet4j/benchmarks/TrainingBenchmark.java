package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Times training steps of our library and of the native peers in one process, in turns: A B A B, so that whatever else
 * the machine does meets them alike. Prints a table; see docs/benchmarks.md for what the columns mean.
 */
public final class TrainingBenchmark {
    /** The just-in-time compiler needs so many steps to be done with a network. */
    private static final int WARM_UP_STEPS = 12;

    private static final double WARM_UP_MILLISECONDS = 5_000;

    /** A round is at least so long, if that takes several steps. */
    private static final double ROUND_MILLISECONDS = 250;

    private final AllocationMeter meter = new AllocationMeter();

    private TrainingBenchmark() {}

    /** Runs the benchmark; arguments as in {@code ./resnet4j-bench --help}. */
    public static void main(String[] arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        List<Peer> peers;
        try {
            options = Options.parse(arguments);
            peers = peers(options.peers());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        System.out.printf(
                "Java %s, %s, %d processors%n",
                Runtime.version(),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors());
        peers.forEach(peer -> System.out.println(peer.name() + ": " + peer.describe()));
        List<Measurement> all = new TrainingBenchmark().measure(options, peers);
        var csv = options.csv();
        if (csv != null) {
            Files.writeString(csv, Report.csv(all));
        }
    }

    /** Our library, and what the service loader finds. */
    private static List<Peer> peers(List<String> wanted) {
        List<Peer> peers = new ArrayList<>();
        peers.add(new Resnet4jPeer());
        ServiceLoader.load(Peer.class).forEach(peers::add);
        if (wanted.isEmpty()) {
            return peers;
        }
        List<String> names = peers.stream().map(Peer::name).toList();
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("no peer " + name + "; there are " + names);
            }
        }
        return peers.stream().filter(peer -> wanted.contains(peer.name())).toList();
    }

    private List<Measurement> measure(Options options, List<Peer> peers) {
        List<Measurement> all = new ArrayList<>();
        for (Workload workload : options.workloads()) {
            System.out.printf(
                    "%n%s, batch %d, %dx%d, %.2f GFLOP a step%n%s%n",
                    workload.name(),
                    workload.batch(),
                    workload.size(),
                    workload.size(),
                    workload.stepFlops() / 1e9,
                    Report.HEADER);
            List<Measurement> ofWorkload = new ArrayList<>();
            for (int threads : options.threads()) {
                List<Measurement> group = measure(workload, threads, options.rounds(), peers);
                ofWorkload.addAll(group);
                group.forEach(one -> System.out.println(Report.row(one, group, ofWorkload)));
            }
            all.addAll(ofWorkload);
        }
        return all;
    }

    private List<Measurement> measure(Workload workload, int threads, int rounds, List<Peer> peers) {
        double peak = PeakProbe.gigaflops(threads);
        List<Runner> runners = new ArrayList<>();
        try {
            for (Peer peer : peers) {
                runners.add(new Runner(peer.name(), peer.prepare(workload, threads), rounds));
            }
            runners.forEach(Runner::warmUp);
            for (int round = 0; round < rounds; round++) {
                for (Runner runner : runners) {
                    runner.round(round);
                }
            }
            return runners.stream()
                    .map(runner -> runner.measurement(workload, threads, peak))
                    .toList();
        } finally {
            runners.forEach(Runner::close);
        }
    }

    /** One peer's session, and what was measured of it so far. */
    private final class Runner {
        private final String name;
        private final Peer.Session session;
        private final double[] milliseconds;
        private int stepsOfRound = 1;
        private int steps;
        private long bytes;
        private double firstLoss;
        private double lastLoss;

        Runner(String name, Peer.Session session, int rounds) {
            this.name = name;
            this.session = session;
            this.milliseconds = new double[rounds];
        }

        void warmUp() {
            firstLoss = session.step();
            long start = System.nanoTime();
            double last = 0;
            for (int i = 0; i < WARM_UP_STEPS || millisecondsSince(start) < WARM_UP_MILLISECONDS; i++) {
                long before = System.nanoTime();
                lastLoss = session.step();
                last = millisecondsSince(before);
            }
            stepsOfRound = Math.max(1, (int) Math.ceil(ROUND_MILLISECONDS / last));
        }

        void round(int round) {
            long allocatedBefore = meter.allocatedBytes();
            long start = System.nanoTime();
            for (int i = 0; i < stepsOfRound; i++) {
                lastLoss = session.step();
            }
            milliseconds[round] = millisecondsSince(start) / stepsOfRound;
            bytes += meter.allocatedBytes() - allocatedBefore;
            steps += stepsOfRound;
        }

        Measurement measurement(Workload workload, int threads, double peak) {
            if (!Double.isFinite(lastLoss) || lastLoss >= firstLoss) {
                throw new IllegalStateException(
                        name + " does not train " + workload.name() + ": loss " + firstLoss + " became " + lastLoss);
            }
            return new Measurement(workload, threads, name, milliseconds, bytes / steps, firstLoss, lastLoss, peak);
        }

        void close() {
            session.close();
        }

        private static double millisecondsSince(long start) {
            return (System.nanoTime() - start) / 1e6;
        }
    }
}
