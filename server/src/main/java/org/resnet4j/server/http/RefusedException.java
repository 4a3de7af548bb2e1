package org.resnet4j.server.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown for a request that is refused with a status. The message is for the client. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable Duration retryAfter;

    RefusedException(int status, String message) {
        this(status, message, null);
    }

    private RefusedException(int status, String message, @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /** Returns the refusal of a request that may succeed later. */
    static RefusedException busy(String message, Duration retryAfter) {
        return new RefusedException(503, message, retryAfter);
    }

    int status() {
        return status;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
