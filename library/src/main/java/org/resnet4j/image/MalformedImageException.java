package org.resnet4j.image;

import java.io.IOException;

/** What one of the format readers found wrong; {@link ImageDecoder} adds the file's name. */
final class MalformedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedImageException(String reason) {
        super(reason);
    }

    static MalformedImageException truncated(ImageFormat format) {
        return new MalformedImageException("the " + format.label() + " data ends early: the file is truncated");
    }
}
