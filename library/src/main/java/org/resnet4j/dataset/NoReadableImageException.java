package org.resnet4j.dataset;

import java.io.IOException;

/** Not one image of an epoch could be read. */
public final class NoReadableImageException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoReadableImageException(int images, String first) {
        super("none of the " + images + " images can be read; the first: " + first);
    }
}
