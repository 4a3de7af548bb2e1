package org.resnet4j.benchmarks;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark of predictions, of our library and of its peers. A peer whose logits differ from those of the
 * network is left out.
 */
final class PredictionBenchmark {
    private @Nullable Prediction prediction;
    private final Map<Precision, float[]> expected = new EnumMap<>(Precision.class);

    private PredictionBenchmark() {}

    /**
     * Creates the benchmark.
     *
     * @throws IllegalArgumentException if a peer does not exist
     */
    static Contest<PredictionPeer> of(Options options) {
        return of(
                options,
                all().<PredictionPeer>map(
                                peer -> peer.needsOwnProcess() ? PeerProcess.java(Task.PREDICTION, peer.name()) : peer)
                        .toList());
    }

    /**
     * Creates the benchmark.
     *
     * @param inJava the peers in Java
     * @throws IllegalArgumentException if a peer does not exist
     */
    static Contest<PredictionPeer> of(Options options, List<PredictionPeer> inJava) {
        return new Contest<>(
                Task.PREDICTION, options, peers(options, inJava), new PredictionBenchmark()::enter, List.of());
    }

    /** Returns our library and then the peers of the service loader, which loads them lazily. */
    static Stream<PredictionPeer> all() {
        return Stream.concat(
                Stream.of(Resnet4j.NAME, Resnet4j.PLAIN)
                        .flatMap(engine -> Stream.of(Precision.INT8, Precision.BFLOAT16, Precision.FLOAT32)
                                .map(precision -> new Resnet4jPrediction(precision, engine))),
                Peers.all(PredictionPeer.class));
    }

    /**
     * Returns the peers of the options, in the order of the number formats.
     *
     * @param inJava the peers in Java
     */
    static List<PredictionPeer> peers(Options options, List<PredictionPeer> inJava) {
        var pytorch = new PyTorch(options.python());
        List<PredictionPeer> all = Stream.concat(
                        inJava.stream(),
                        Stream.of(Precision.FLOAT32, Precision.BFLOAT16).map(pytorch::prediction))
                .toList();
        List<PredictionPeer> peers = options.precisions().stream()
                .flatMap(precision -> all.stream().filter(peer -> Precision.of(peer.name()) == precision))
                .filter(peer -> !options.peers().isEmpty() || !Resnet4j.isOnRequest(peer.name()))
                .toList();
        return Peers.select(peers, options.peers());
    }

    private Runner enter(PredictionPeer peer, Workload workload, int threads, int rounds) {
        Prediction current = prediction(workload);
        PredictionPeer.Running session = peer.prepare(current, threads);
        try {
            session.call();
            Precision precision = Precision.of(peer.name());
            Evidence agreement = Evidence.Agreement.check(
                    peer.name(),
                    expected.computeIfAbsent(precision, current::expected),
                    session.logits(),
                    precision.tolerance());
            return new Runner(peer.name(), session, rounds, () -> agreement);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Returns the network and the images, created once for all peers and threads. */
    private Prediction prediction(Workload workload) {
        Prediction last = prediction;
        if (last != null && last.workload().equals(workload)) {
            return last;
        }
        Prediction next = last != null && last.workload().spec().equals(workload.spec())
                ? last.withBatch(workload.batch())
                : Prediction.of(workload);
        prediction = next;
        expected.clear();
        return next;
    }
}
