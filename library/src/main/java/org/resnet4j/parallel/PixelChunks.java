package org.resnet4j.parallel;

/**
 * Equal chunks of a list of pixels, for sums over pixels: each chunk is summed separately, then the chunk sums are
 * added in order. The chunks depend only on the shape.
 *
 * @param pixels the number of pixels
 * @param count the number of chunks
 */
public record PixelChunks(int pixels, int count) {
    /** A chunk of 64 KB stays in the cache while it is read, and keeps float32 sums short. */
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
