package org.resnet4j.benchmarks;

import java.util.List;
import org.resnet4j.kernel.lookup.KernelLookup;

/** Training steps of our library and of the native peers. */
final class TrainingBenchmark {
    private TrainingBenchmark() {}

    /**
     * The benchmark, not yet run.
     *
     * @throws IllegalArgumentException if there is no such peer
     */
    static Contest<TrainingPeer> of(Options options) {
        List<TrainingPeer> peers = Peers.select(
                Peers.all(new Resnet4jTraining(), TrainingPeer.class).toList(), options.peers());
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
                throw new BenchmarkFailedException(
                        peer.name() + " does not train " + workload.name() + ": loss " + first + " became " + last);
            }
            return new Evidence.Learning(first, last);
        });
    }
}
