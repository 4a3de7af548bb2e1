package org.resnet4j.image.sample;

import org.resnet4j.kernel.PixelKernel;

/** A receiver of the rows of a picture, or of a part of it, from the top down. */
public interface PixelRows {
    /** The number of bytes that the arrays of a row must extend beyond it. */
    int PADDING = PixelKernel.PADDING;

    /**
     * Receives the next row. The arrays belong to the caller, which reuses them; the receiver may change their content.
     *
     * @param planes the samples of red, green and blue, or of a gray picture, each followed by {@link #PADDING} bytes
     */
    void next(byte[][] planes);
}
