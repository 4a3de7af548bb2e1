package org.resnet4j.cli.shell;

/**
 * The speed of a count. The time before the first tick belongs to the start of the work, and a single tick has no
 * duration: the speed is unknown until a second has passed between the first tick and the last.
 */
public final class Pace {
    private static final double SHORTEST_SECONDS = 1;
    private static final double NANOS = 1e9;

    private boolean begun;
    private long firstNanos;
    private long lastNanos;
    private long counted;

    /**
     * Counts a tick.
     *
     * @param count the amount of work that has ended
     * @param nanos the time, in nanoseconds
     */
    public synchronized void tick(long count, long nanos) {
        if (begun) {
            counted += count;
        } else {
            firstNanos = nanos;
            begun = true;
        }
        lastNanos = nanos;
    }

    /** Returns the amount of work in a second; NaN if it is unknown. */
    public synchronized double perSecond() {
        double seconds = (lastNanos - firstNanos) / NANOS;
        return seconds < SHORTEST_SECONDS || counted == 0 ? Double.NaN : counted / seconds;
    }
}
