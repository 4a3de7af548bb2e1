package org.resnet4j.server.batch;

import java.util.concurrent.TimeUnit;

/** The failure of a request whose deadline passed before its turn came. It was not computed. */
public final class DeadlineException extends Exception {
    private static final long serialVersionUID = 1L;

    DeadlineException(long waitedNanos) {
        super("the deadline passed after " + TimeUnit.NANOSECONDS.toMillis(waitedNanos)
                + " ms in the queue; nothing was computed");
    }
}
