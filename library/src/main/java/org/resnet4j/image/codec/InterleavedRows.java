package org.resnet4j.image.codec;

import org.resnet4j.image.Image;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Pixels;

/** An image of three channels that is filled row by row, and allocated with the first one. */
public final class InterleavedRows implements PixelRows {
    private final int width;
    private final int height;
    private byte[] rgb = {};
    private int at;

    public InterleavedRows(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /** Returns the image, all of whose rows have arrived. */
    public Image image() {
        return new Image(width, height, 3, rgb);
    }

    @Override
    public void next(byte[][] planes) {
        if (at == 0) {
            rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        }
        Pixels.join(planes[0], planes[planes.length / 2], planes[planes.length - 1], rgb, at, width);
        at += 3 * width;
    }
}
