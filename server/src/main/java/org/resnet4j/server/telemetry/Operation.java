package org.resnet4j.server.telemetry;

import java.util.Locale;

/** What a request asks for, whatever its transport. */
public enum Operation {
    /** An inference of the Open Inference Protocol. */
    INFER,
    /** The classification of pictures. */
    CLASSIFY,
    /** What the server or a model is. */
    METADATA,
    /** Whether the server or a model is live or ready. */
    HEALTH,
    /** The page for people, and the description of all addresses. */
    PAGE,
    /** The metrics. */
    METRICS,
    /** Anything else, such as an address that does not exist. */
    OTHER;

    /** Returns true if it needs no token. */
    public boolean isOpen() {
        return this == HEALTH || this == PAGE;
    }

    /** Returns true if it computes. */
    public boolean computes() {
        return this == INFER || this == CLASSIFY;
    }

    /** Returns the name in metrics and logs. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
