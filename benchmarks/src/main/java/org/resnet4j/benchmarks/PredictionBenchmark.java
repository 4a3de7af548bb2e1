package org.resnet4j.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Predictions of our library and of the native peers. Whoever computes other logits than the network's ends the run. */
final class PredictionBenchmark {
    private @Nullable Prediction prediction;
    private float[] expected = {};

    private PredictionBenchmark() {}

    /**
     * The benchmark, not yet run.
     *
     * @throws IllegalArgumentException if there is no such peer
     */
    static Contest<PredictionPeer> of(Options options) {
        List<PredictionPeer> peers = Peers.select(all().toList(), options.peers()).stream()
                .map(peer -> peer.needsOwnProcess() ? new PeerProcess(peer.name()) : peer)
                .toList();
        return new Contest<>(Task.PREDICTION, options, peers, new PredictionBenchmark()::enter, null);
    }

    /** Our library first, then what the service loader finds, when it is asked for. */
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

    /** The network and the images, made once for all peers and threads. */
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
