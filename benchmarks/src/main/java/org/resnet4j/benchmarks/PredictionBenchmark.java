package org.resnet4j.benchmarks;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark of predictions, of our library and of the native peers. A peer whose logits differ from those of the
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
        List<PredictionPeer> peers = Peers.select(of(options.precisions()), options.peers()).stream()
                .map(peer -> peer.needsOwnProcess() ? PeerProcess.java(Task.PREDICTION, peer.name()) : peer)
                .toList();
        return new Contest<>(Task.PREDICTION, options, peers, new PredictionBenchmark()::enter, List.of());
    }

    /** Returns our library and then the peers of the service loader, which loads them lazily. */
    static Stream<PredictionPeer> all() {
        return Stream.concat(
                Stream.of(Precision.INT8, Precision.BFLOAT16, Precision.FLOAT32).map(Resnet4jPrediction::new),
                Peers.all(PredictionPeer.class));
    }

    /** Returns the peers with these number formats, in the order of the formats. */
    private static List<PredictionPeer> of(List<Precision> precisions) {
        List<PredictionPeer> all = all().toList();
        return precisions.stream()
                .flatMap(precision -> all.stream().filter(peer -> Precision.of(peer.name()) == precision))
                .toList();
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
