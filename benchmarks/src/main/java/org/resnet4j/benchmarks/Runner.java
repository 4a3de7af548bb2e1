package org.resnet4j.benchmarks;

import java.util.function.Supplier;
import org.resnet4j.benchmarks.Session.Timing;

/** One peer's session, and what was measured of it so far. */
final class Runner implements AutoCloseable {
    /** A round is at least so long, if that takes several calls. */
    private static final double ROUND_MILLISECONDS = 250;

    /** A call that takes this share of the fastest one before it is faster, and not just lucky. */
    private static final double NOTICEABLE = 0.98;

    /** However slow the calls are, a warm-up does not wait longer for their number. */
    private static final double LONGEST_COUNT = 12_000;

    /** How many times its least time a warm-up takes at most. */
    private static final double LONGEST_WARM_UP = 5;

    private final String peer;
    private final Session session;
    private final Supplier<Evidence> evidence;
    private final double[] milliseconds;
    private int callsOfRound = 1;
    private long calls;
    private long bytes;

    /**
     * @param evidence asked for after the last round
     */
    Runner(String peer, Session session, int rounds, Supplier<Evidence> evidence) {
        this.peer = peer;
        this.session = session;
        this.evidence = evidence;
        this.milliseconds = new double[rounds];
    }

    /**
     * Calls at least so often (but for this no longer than 12 s) and so long, and goes on while it gets faster: until as much time has passed without a
     * faster call as before it. Decides how many calls a round has.
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

    /** Times a round. The call before it is not timed: it finds the caches as the peer before left them. */
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
                new Measurement.Memory(bytes / calls, session.bufferBytes()),
                peak,
                evidence.get());
    }

    @Override
    public void close() {
        session.close();
    }
}
