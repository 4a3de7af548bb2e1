package org.resnet4j.image.codec;

import java.io.IOException;
import org.resnet4j.image.file.ImageDecoder;

/** What one of the format readers found wrong; {@link ImageDecoder} adds the file's name. */
public final class MalformedImageException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedImageException(String reason) {
        super(reason);
    }

    public static MalformedImageException truncated(ImageFormat format) {
        return new MalformedImageException("the " + format.label() + " data ends early: the file is truncated");
    }
}
