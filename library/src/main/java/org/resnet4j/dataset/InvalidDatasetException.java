package org.resnet4j.dataset;

import java.io.IOException;

/**
 * Thrown if a source cannot be used as a dataset. The message names the source, the place in it and the reason.
 *
 * @since 0.1.0
 */
public final class InvalidDatasetException extends IOException {
    private final String source;

    public InvalidDatasetException(String source, String reason) {
        super(source + ": " + reason);
        this.source = source;
    }

    public InvalidDatasetException(String source, String reason, Throwable cause) {
        super(source + ": " + reason, cause);
        this.source = source;
    }

    /** Returns the file, folder or name that was opened. */
    public String source() {
        return source;
    }
}
