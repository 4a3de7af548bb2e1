package org.resnet4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * The benchmark of training steps, of our library and of its peers, each in a process of its own. Ours too: a JVM that
 * has trained other networks, or in another format, has other profiles of its code.
 */
final class TrainingBenchmark {
    private static final int SHARDS = 4;

    private TrainingBenchmark() {}

    /**
     * Creates the benchmark.
     *
     * @throws IllegalArgumentException if a peer does not exist
     */
    static Contest<TrainingPeer> of(Options options) {
        List<TrainingPeer> peers = peers(options, all().map(Peer::name).toList());
        List<Contest.Profiler> profilers = options.profile() == Profile.Detail.NONE
                ? List.of()
                : peers.stream()
                        .filter(peer -> Precision.engine(peer.name()).equals(Resnet4j.NAME))
                        .map(peer -> PeerProcess.java(Task.TRAINING, peer.name()))
                        .<Contest.Profiler>map(process -> process::profile)
                        .toList();
        return new Contest<>(Task.TRAINING, options, peers, TrainingBenchmark::enter, profilers);
    }

    /** Returns our library and then the peers of the service loader, which loads them lazily. */
    static Stream<TrainingPeer> all() {
        return Stream.concat(
                Stream.of(Precision.FLOAT32, Precision.BFLOAT16)
                        .flatMap(precision -> Stream.of(
                                new Resnet4jTraining(precision, Resnet4j.NAME, 1),
                                new Resnet4jTraining(precision, Resnet4j.PLAIN, 1),
                                new Resnet4jTraining(precision, Resnet4jTraining.SHARDED, SHARDS))),
                Peers.all(TrainingPeer.class));
    }

    /**
     * Returns the peers of the options, in the order of the number formats.
     *
     * @param inJava the names of the peers in Java
     */
    static List<TrainingPeer> peers(Options options, List<String> inJava) {
        List<TrainingPeer> peers = options.precisions().stream()
                .flatMap(precision -> Stream.<TrainingPeer>concat(
                        inJava.stream()
                                .filter(name -> Precision.of(name) == precision)
                                .filter(name -> !options.peers().isEmpty() || !Resnet4j.isOnRequest(name))
                                .map(name -> PeerProcess.java(Task.TRAINING, name)),
                        Stream.of(new PyTorch(options.python()).training(precision))))
                .toList();
        return Peers.select(peers, options.peers());
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
