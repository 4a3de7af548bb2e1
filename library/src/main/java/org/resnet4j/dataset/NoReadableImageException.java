package org.resnet4j.dataset;

import java.io.IOException;

/**
 * Thrown if no image of an epoch can be read.
 *
 * @since 0.1.0
 */
public final class NoReadableImageException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoReadableImageException(int images, String first) {
        super("none of the " + images + " images can be read; the first: " + first);
    }
}
