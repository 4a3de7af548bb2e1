package org.resnet4j.image.codec;

import java.io.IOException;

/** Thrown if a decoder finds an error in a picture. {@code ImageDecoder} adds the name of the file. */
public final class MalformedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedImageException(String reason) {
        super(reason);
    }

    public static MalformedImageException truncated(ImageFormat format) {
        return new MalformedImageException("the " + format.label() + " data ends early: the file is truncated");
    }
}
