package org.resnet4j.server.security;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A limit on the requests of each client: a bucket that a second's requests fill, and that is refilled at the rate.
 * Thread-safe.
 */
public final class RateLimit {
    /** The number of clients that are remembered. One that is forgotten begins with a full bucket. */
    private static final int CLIENTS = 10_000;

    private static final double NANOS = 1e9;

    private final double rate;
    private final double burst;
    private final LongSupplier clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CLIENTS;
        }
    };

    /** What a client may still send. */
    private record Bucket(double requests, long time) {}

    /**
     * Creates a limit.
     *
     * @param rate requests in a second, more than 0
     */
    public RateLimit(double rate) {
        this(rate, System::nanoTime);
    }

    RateLimit(double rate, LongSupplier clock) {
        this.rate = rate;
        this.clock = clock;
        burst = Math.max(1, rate);
    }

    /**
     * Counts a request.
     *
     * @throws DeniedException.TooFast if the client has sent too many
     */
    synchronized void count(String client) throws DeniedException.TooFast {
        long now = clock.getAsLong();
        Bucket bucket = buckets.get(client);
        double left =
                bucket == null ? burst : Math.min(burst, bucket.requests() + (now - bucket.time()) / NANOS * rate);
        if (left < 1) {
            throw new DeniedException.TooFast("more than " + text() + " requests in a second", Duration.ofNanos((long)
                    ((1 - left) / rate * NANOS)));
        }
        buckets.put(client, new Bucket(left - 1, now));
    }

    private String text() {
        return rate == Math.rint(rate) ? Long.toString((long) rate) : Double.toString(rate);
    }
}
