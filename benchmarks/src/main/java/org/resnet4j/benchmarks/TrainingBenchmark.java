package org.resnet4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import org.resnet4j.kernel.lookup.KernelLookup;

/** The benchmark of training steps, of our library and of the native peers. */
final class TrainingBenchmark {
    private static final int SHARDS = 4;

    private TrainingBenchmark() {}

    /**
     * Creates the benchmark.
     *
     * @throws IllegalArgumentException if a peer does not exist
     */
    static Contest<TrainingPeer> of(Options options) {
        List<TrainingPeer> peers = Peers.select(
                Stream.concat(
                                Peers.all(new Resnet4jTraining(1), TrainingPeer.class),
                                Stream.of(new Resnet4jTraining(SHARDS)))
                        .toList(),
                options.peers());
        boolean profiled = options.profile() != Profile.Detail.NONE
                && peers.stream().anyMatch(peer -> peer.name().equals(Resnet4j.NAME));
        return new Contest<>(
                Task.TRAINING,
                options,
                peers,
                TrainingBenchmark::enter,
                profiled ? new StepProfiler(KernelLookup::best) : null);
    }

    private static Runner enter(TrainingPeer peer, Workload workload, int threads, int rounds) {
        TrainingPeer.Running session = peer.prepare(workload, threads);
        session.call();
        double first = session.loss();
        return new Runner(peer.name(), session, rounds, () -> {
            double last = session.loss();
            if (!Double.isFinite(last) || last >= first) {
                throw new BenchmarkFailedException(peer.name() + " does not learn " + workload.name()
                        + ": the loss changed from " + first + " to " + last);
            }
            return new Evidence.Learning(first, last);
        });
    }
}
