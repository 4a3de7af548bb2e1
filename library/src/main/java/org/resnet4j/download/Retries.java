package org.resnet4j.download;

import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How often and after what time something that failed is tried again.
 *
 * @param attempts how many in a row may fail; one that brought some bytes starts the count anew
 * @param firstPause after the first failure; doubled after each further one
 * @param longestPause no pause is longer; a server that asks for more is given up
 */
public record Retries(int attempts, Duration firstPause, Duration longestPause) {
    /** Seconds of up to so many digits are counted; more are as good as forever. */
    private static final int DIGITS = 9;

    private static final Duration FOREVER = Duration.ofSeconds(999_999_999);

    public Retries {
        if (attempts < 1 || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    attempts + " attempts with pauses from " + firstPause + " to " + longestPause);
        }
    }

    /** Four attempts with pauses of 1, 2 and 4 seconds, or of up to 20 where a server asks for that. */
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

    /** The interruption as an exception of input and output; the thread's flag is set again. */
    public static InterruptedIOException interruptedWhile(String doing, InterruptedException cause) {
        Thread.currentThread().interrupt();
        var failure = new InterruptedIOException("interrupted while " + doing);
        failure.initCause(cause);
        return failure;
    }

    /** The Retry-After header, seconds or a date; null where there is none that can be read. */
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
