package org.resnet4j.server.infer;

import org.jspecify.annotations.Nullable;

/** Thrown for a picture that cannot be decoded, or that is too large. The message is for the client. */
public final class PictureException extends Exception {
    private static final long serialVersionUID = 1L;

    PictureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
