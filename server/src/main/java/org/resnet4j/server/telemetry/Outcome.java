package org.resnet4j.server.telemetry;

import java.util.Locale;

/** How a request ended. */
public enum Outcome {
    /** It was answered. */
    OK,
    /** The fault was the client's: a wrong request, a damaged picture, no permission. */
    INVALID,
    /** It was refused, because the server was full, loading or ending, or the client too fast. */
    REFUSED,
    /** Its deadline passed. */
    LATE,
    /** The fault was the server's. */
    FAILED,
    /** The client ended it, or its connection broke. */
    ABORTED;

    /** Returns the outcome of an HTTP status. */
    public static Outcome ofStatus(int status) {
        if (status < 400) {
            return OK;
        }
        return switch (status) {
            case 429, 503 -> REFUSED;
            case 408, 504 -> LATE;
            default -> status < 500 ? INVALID : FAILED;
        };
    }

    /** Returns the name in metrics and logs. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
