package org.resnet4j.benchmarks;

import java.util.function.Supplier;
import org.resnet4j.benchmarks.Session.Timing;

/** The session of a peer and its measurements so far. */
final class Runner implements AutoCloseable {
    /** The minimum time of a round, in which a peer with short calls makes several. */
    private static final double ROUND_MILLISECONDS = 250;

    /** The fraction of the fastest time so far below which a call counts as faster, and not as a fluctuation. */
    private static final double NOTICEABLE = 0.98;

    /** The maximum time of a warm-up for the sake of the number of calls. */
    private static final double LONGEST_COUNT = 12_000;

    /** The maximum time of a warm-up, as a multiple of its minimum. */
    private static final double LONGEST_WARM_UP = 5;

    private final String peer;
    private final Session session;
    private final Supplier<Evidence> evidence;
    private final double[] milliseconds;
    private int callsOfRound = 1;
    private long calls;
    private long bytes;

    /**
     * Creates a runner.
     *
     * @param evidence the source of the evidence, queried after the last round
     */
    Runner(String peer, Session session, int rounds, Supplier<Evidence> evidence) {
        this.peer = peer;
        this.session = session;
        this.evidence = evidence;
        this.milliseconds = new double[rounds];
    }

    /**
     * Warms up: makes at least the given number of calls (for this, up to 12 s) and takes at least the given time, and
     * continues while calls get faster: until as much time has passed without a faster call as before it. Then
     * determines the number of calls in a round.
     */
    void warmUp(int atLeastCalls, double atLeastMilliseconds) {
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        double faster = 0;
        double end = atLeastMilliseconds;
        for (int i = 0; i < atLeastCalls && sum < LONGEST_COUNT || sum < end; i++) {
            double one = session.time(1).milliseconds();
            sum += one;
            if (one < least * NOTICEABLE) {
                faster = sum;
            }
            least = Math.min(least, one);
            end = Math.clamp(2 * faster, atLeastMilliseconds, LONGEST_WARM_UP * atLeastMilliseconds);
        }
        callsOfRound = Math.max(1, (int) Math.ceil(ROUND_MILLISECONDS / least));
    }

    /** Times a round. The call before it is not timed: it finds the caches as the previous peer left them. */
    void round(int round) {
        session.time(1);
        Timing timing = session.time(callsOfRound);
        milliseconds[round] = timing.milliseconds() / callsOfRound;
        bytes += timing.allocatedBytes();
        calls += callsOfRound;
    }

    Measurement measurement(Task task, Workload workload, int threads, double peak) {
        return new Measurement(
                task,
                workload,
                threads,
                peer,
                milliseconds,
                new Measurement.Memory(bytes / calls, session.bufferBytes(), session.residentBytes()),
                peak,
                evidence.get());
    }

    @Override
    public void close() {
        session.close();
    }
}
