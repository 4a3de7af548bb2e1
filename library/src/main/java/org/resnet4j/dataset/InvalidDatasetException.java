package org.resnet4j.dataset;

import java.io.IOException;

/**
 * A source of images that cannot be used as a dataset; the message names the source, the place in it and the reason.
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

    /** The file, folder or name that was opened. */
    public String source() {
        return source;
    }
}
