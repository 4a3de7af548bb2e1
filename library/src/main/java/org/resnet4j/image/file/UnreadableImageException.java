package org.resnet4j.image.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file that cannot be turned into a picture; the message reads {@code origin: reason}.
 */
public final class UnreadableImageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String origin;
    private final String reason;

    public UnreadableImageException(String origin, String reason) {
        this(origin, reason, null);
    }

    public UnreadableImageException(String origin, String reason, @Nullable Throwable cause) {
        super(origin + ": " + reason, cause);
        this.origin = origin;
        this.reason = reason;
    }

    /** Where the bytes came from: a path, or an entry of an archive. */
    public String origin() {
        return origin;
    }

    /** What is wrong with them, in words for a person. */
    public String reason() {
        return reason;
    }
}
