package org.resnet4j.download.http;

import java.io.IOException;
import java.net.URI;

/** A server cannot be reached, breaks off again and again, or has no time: another try, later, may succeed. */
public final class UnreachableException extends IOException {
    private final String reason;

    UnreachableException(URI address, TemporaryFailure failure, int attempts, String hint) {
        super(
                Redirects.shown(address) + ": could not be downloaded: " + failure.getMessage() + " (tried " + attempts
                        + (attempts == 1 ? " time" : " times") + hint + ")",
                failure);
        this.reason = String.valueOf(failure.getMessage());
    }

    /** What went wrong, without the address. */
    public String reason() {
        return reason;
    }
}
