package org.resnet4j.hub;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hub cannot be had; the message names it and says what can be done.
 *
 * @since 0.1.0
 */
public final class HubException extends IOException {
    /** Why a model cannot be had. */
    public enum Reason {
        /** The name is malformed. */
        NAME,
        /** A variable of the environment holds something that cannot be used. */
        SETTINGS,
        /** The repository is not there, or private. */
        REPOSITORY,
        /** The repository has no such branch, tag or commit. */
        REVISION,
        /** The repository lacks the file. */
        FILE,
        /** A token is missing, or is not enough. */
        ACCESS,
        /** The hub must not be asked, and the cache does not hold the model. */
        OFFLINE,
        /** The hub cannot be reached or has no time, and the cache does not hold the model. */
        UNREACHABLE,
        /** What answers is no hub, or says something that cannot be used. */
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

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
