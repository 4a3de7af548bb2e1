package org.resnet4j.server.security;

import java.time.Duration;

/** Thrown for a client that may not do what it asks for. The message is for the client. */
public sealed class DeniedException extends Exception {
    private static final long serialVersionUID = 1L;

    private DeniedException(String message) {
        super(message);
    }

    /** Thrown for a client whose token is missing or unknown. */
    public static final class Unknown extends DeniedException {
        private static final long serialVersionUID = 1L;

        Unknown(String message) {
            super(message);
        }
    }

    /** Thrown for a client that sends more requests than it may. */
    public static final class TooFast extends DeniedException {
        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        TooFast(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** Returns the time after which the client may send its next request. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }
}
