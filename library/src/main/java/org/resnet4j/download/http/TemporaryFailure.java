package org.resnet4j.download.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown if an attempt fails in a way that justifies another attempt. */
final class TemporaryFailure extends IOException {
    private static final String BROKEN = "the connection broke";

    private final transient @Nullable Duration retryAfter;

    private TemporaryFailure(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    private static TemporaryFailure because(String message) {
        return new TemporaryFailure(message, null, null);
    }

    static TemporaryFailure of(IOException failure) {
        return new TemporaryFailure(reason(failure), null, failure);
    }

    /** Returns a failure for a connection that ended or was reset before the answer was complete. */
    static TemporaryFailure brokenAfter(long bytes) {
        return because(BROKEN + " after " + bytes + " bytes");
    }

    static TemporaryFailure answered(int status, @Nullable Duration retryAfter) {
        String message = "the server answered " + status;
        if (status == 429) {
            message += " (too many requests)";
        }
        if (retryAfter != null && retryAfter.isPositive()) {
            message += " and asks to wait " + retryAfter.toSeconds() + " s";
        }
        return new TemporaryFailure(message, retryAfter, null);
    }

    /** Returns the time that the server asks to wait; null if it does not ask. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** Returns true if the connection was established and then broke, before the answer or within its header. */
    boolean isBrokenConnection() {
        return getCause() instanceof IOException cause && isBrokenConnection(cause);
    }

    /**
     * Recognizes a broken connection. The JDK's client reports it with different messages, depending on the stage that
     * noticed it ("header parser received no bytes", "fixed content-length: 150000, bytes received: 0", "Connection
     * reset"), and only with general exception types.
     */
    private static boolean isBrokenConnection(IOException failure) {
        return failure.getClass() == IOException.class
                || failure instanceof EOFException
                || failure instanceof SocketException && !(failure instanceof ConnectException);
    }

    /**
     * Returns the reason. The JDK's client reports unknown hosts and refused connections by exceptions without
     * messages.
     */
    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "unknown host";
            }
        }
        if (isBrokenConnection(failure)) {
            return BROKEN;
        }
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        return switch (failure) {
            case ConnectException _ -> "no connection";
            case HttpTimeoutException _ -> "no answer in time";
            default -> failure.getClass().getSimpleName();
        };
    }
}
