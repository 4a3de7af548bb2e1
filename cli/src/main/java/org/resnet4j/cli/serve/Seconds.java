package org.resnet4j.cli.serve;

import java.time.Duration;

/** Options in seconds. */
final class Seconds {
    static final int IN_AN_HOUR = 3600;

    private Seconds() {}

    static Duration of(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
