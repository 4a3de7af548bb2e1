package org.resnet4j.image.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if a file cannot be decoded to a picture. The message reads {@code origin: reason}.
 *
 * @since 0.1.0
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

    /** Returns the origin of the bytes: a path, or an entry of an archive. */
    public String origin() {
        return origin;
    }

    /** Returns the reason, in words for the user. */
    public String reason() {
        return reason;
    }
}
