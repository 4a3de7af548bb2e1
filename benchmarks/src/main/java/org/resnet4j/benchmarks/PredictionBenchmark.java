package org.resnet4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark of predictions, of our library and of the native peers. A peer whose logits differ from those of the
 * network ends the run.
 */
final class PredictionBenchmark {
    private @Nullable Prediction prediction;
    private float[] expected = {};

    private PredictionBenchmark() {}

    /**
     * Creates the benchmark.
     *
     * @throws IllegalArgumentException if a peer does not exist
     */
    static Contest<PredictionPeer> of(Options options) {
        List<PredictionPeer> peers = Peers.select(all().toList(), options.peers()).stream()
                .map(peer -> peer.needsOwnProcess() ? new PeerProcess(peer.name()) : peer)
                .toList();
        return new Contest<>(Task.PREDICTION, options, peers, new PredictionBenchmark()::enter, null);
    }

    /** Returns our library and then the peers of the service loader, which loads them lazily. */
    static Stream<PredictionPeer> all() {
        return Peers.all(new Resnet4jPrediction(), PredictionPeer.class);
    }

    private Runner enter(PredictionPeer peer, Workload workload, int threads, int rounds) {
        Prediction current = prediction(workload);
        PredictionPeer.Running session = peer.prepare(current, threads);
        try {
            session.call();
            Evidence agreement = Evidence.Agreement.check(peer.name(), expected, session.logits());
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
        expected = next.logitsByLayers();
        return next;
    }
}
