package org.resnet4j.download.http;

import java.io.IOException;
import java.net.URI;

/**
 * Thrown if a server cannot be reached, is overloaded, or the connection breaks repeatedly. A later attempt may
 * succeed.
 */
public final class UnreachableException extends IOException {
    private final String reason;

    UnreachableException(URI address, TemporaryFailure failure, int attempts, String hint) {
        super(
                Redirects.shown(address) + ": could not be downloaded: " + failure.getMessage() + " (tried " + attempts
                        + (attempts == 1 ? " time" : " times") + hint + ")",
                failure);
        this.reason = String.valueOf(failure.getMessage());
    }

    /** Returns the reason of the failure, without the address. */
    public String reason() {
        return reason;
    }
}
