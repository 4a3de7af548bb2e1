package org.resnet4j.hub;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a model of the hub is not available; the message names it and suggests a remedy.
 *
 * @since 0.1.0
 */
public final class HubException extends IOException {
    /** The reason that a model is not available. */
    public enum Reason {
        /** The name is malformed. */
        NAME,
        /** An environment variable has an invalid value. */
        SETTINGS,
        /** The repository does not exist or is private. */
        REPOSITORY,
        /** The repository has no such branch, tag or commit. */
        REVISION,
        /** The repository lacks the file. */
        FILE,
        /** A token is missing or insufficient. */
        ACCESS,
        /** Access to the hub is disabled, and the cache does not hold the model. */
        OFFLINE,
        /** The hub cannot be reached or is overloaded, and the cache does not hold the model. */
        UNREACHABLE,
        /** The response is not from a hub, or is invalid. */
        ANSWER
    }

    private final Reason reason;

    HubException(Reason reason, String message) {
        this(reason, message, null);
    }

    HubException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the reason. */
    public Reason reason() {
        return reason;
    }
}
