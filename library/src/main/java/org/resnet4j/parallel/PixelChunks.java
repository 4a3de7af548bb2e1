package org.resnet4j.parallel;

/**
 * The cut of a list of pixels into chunks of equal length, for sums over pixels: each chunk is summed on its own, then the
 * chunks in order. Depends on the shape alone.
 *
 * @param pixels how many pixels
 * @param count how many chunks
 */
public record PixelChunks(int pixels, int count) {
    /** A chunk of 64 KB is read while it is in the cache and keeps float32 sums short. */
    private static final int FLOATS = 16 * 1024;

    public static PixelChunks of(int pixels, int channels) {
        int length = Math.max(1, FLOATS / channels);
        return new PixelChunks(pixels, Math.max(1, Math.ceilDiv(pixels, length)));
    }

    public int from(int chunk) {
        return (int) ((long) chunk * pixels / count);
    }

    public int to(int chunk) {
        return from(chunk + 1);
    }
}
