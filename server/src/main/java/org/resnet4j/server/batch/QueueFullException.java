package org.resnet4j.server.batch;

import java.time.Duration;

/** Thrown when a request would exceed the queue of its model. */
public final class QueueFullException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    QueueFullException(int waiting, int capacity, Duration retryAfter) {
        super("the queue of the model is full: " + waiting + " of " + capacity + " images are waiting");
        this.retryAfter = retryAfter;
    }

    /** Returns the time after which the images that are waiting now should be computed. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
