package org.resnet4j.download;

import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The number of attempts and the pauses between them.
 *
 * @param attempts the maximum number of consecutive failures; an attempt that received bytes resets the count
 * @param firstPause the pause after the first failure; doubled after each further failure
 * @param longestPause the maximum pause; if a server asks for more, the download fails
 * @since 0.1.0
 */
public record Retries(int attempts, Duration firstPause, Duration longestPause) {
    /** The longest number of seconds that is parsed; longer ones count as forever. */
    private static final int DIGITS = 9;

    private static final Duration FOREVER = Duration.ofSeconds(999_999_999);

    public Retries {
        if (attempts < 1 || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    attempts + " attempts with pauses from " + firstPause + " to " + longestPause);
        }
    }

    /** Returns four attempts with pauses of 1, 2 and 4 seconds, or up to 20 if a server asks for it. */
    public static Retries patient() {
        return new Retries(4, Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    public boolean isWorthWaiting(@Nullable Duration asked) {
        return asked == null || asked.compareTo(longestPause) <= 0;
    }

    public Duration pause(int failures, @Nullable Duration asked) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(failures - 1, 20));
        if (asked != null && asked.compareTo(pause) > 0) {
            pause = asked;
        }
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }

    public static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            throw interruptedWhile("waiting to download", interrupted);
        }
    }

    /** Returns the interruption as an I/O exception and restores the interrupt flag of the thread. */
    public static InterruptedIOException interruptedWhile(String doing, InterruptedException cause) {
        Thread.currentThread().interrupt();
        var failure = new InterruptedIOException("interrupted while " + doing);
        failure.initCause(cause);
        return failure;
    }

    /** Parses a Retry-After header, in seconds or as a date; returns null if there is none or it is malformed. */
    public static @Nullable Duration parseRetryAfter(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (value.matches("\\d+")) {
            return value.length() <= DIGITS ? Duration.ofSeconds(Long.parseLong(value)) : FOREVER;
        }
        try {
            Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
