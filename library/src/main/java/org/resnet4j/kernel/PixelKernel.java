package org.resnet4j.kernel;

/**
 * The arithmetic of pictures: the inverse cosine transform and the colors of JPEG, and the sums of resizing, on unsigned
 * bytes and in fixed point. All implementations give the same bits.
 *
 * <p>A row is a part of an array. Every array of bytes or ints must extend at least {@link #PADDING} elements beyond the
 * row, whose values do not matter; in the array that is written, they are undefined afterwards.
 */
public interface PixelKernel {
    /** The number of elements beyond a row that may be read and written. */
    int PADDING = 64;

    /** Returns the number of blocks that {@link #inverseTransform} takes at a time. */
    int blocks();

    /**
     * Transforms blocks of 8x8 coefficients to samples: the transform of Loeffler, Ligtenberg and Moschytz ("Practical
     * fast 1-D DCT algorithms with 11 multiplications", 1989) in libjpeg's fixed point. Like libjpeg, it keeps ten bits
     * of a sample before it clips it.
     *
     * <p>Fewer samples than 8x8 are means of them, of squares of two or four, and not limited to ten bits.
     *
     * @param coefficients coefficient {@code row * 8 + column} of block {@code b} at {@code (row * 8 + column) * blocks
     *     + b}; cleared. The sum of a block's magnitudes must be below {@link CosineTransform#LARGEST_SUM}
     * @param size the number of samples of a block in each direction: 8, 4 or 2
     * @param out the samples; the blocks are beside each other from {@code at}
     * @param stride the distance of rows
     */
    void inverseTransform(int[] coefficients, int size, byte[] out, int at, int stride);

    /**
     * Interpolates between two rows: {@code to[i] = (3 * near[i] + far[i] + bias) >> 2}.
     *
     * @param near the start of the nearer row in {@code plane}
     * @param far the start of the farther one
     */
    void mixRows(byte[] plane, int near, int far, int bias, byte[] to, int count);

    /**
     * Doubles the samples of a row, and interpolates between two of them with the weights 3/4 and 1/4, in libjpeg's
     * rounding. The first and the last sample are their own neighbors.
     *
     * @param plane the samples, {@code count} of them
     * @param to receives 2 * count samples
     */
    void widen(byte[] plane, int at, int count, byte[] to);

    /**
     * Interpolates between two rows and then between two samples, as {@link #widen}, and rounds once.
     *
     * @param near the start of the nearer row in {@code plane}
     * @param far the start of the farther one
     * @param to receives 2 * count samples
     */
    void widenBoth(byte[] plane, int near, int far, int count, byte[] to);

    /**
     * Converts the colors of a row by JFIF 1.02, in libjpeg's rounding.
     *
     * @param ycc the rows of luma, blue difference and red difference
     * @param rgb the rows that receive red, green and blue; others than {@code ycc}
     */
    void toRgb(byte[][] ycc, byte[][] rgb, int count);

    /**
     * Computes weighted sums of neighbors, rounded and clipped: target {@code i} is the sum over {@code k < count[i]} of
     * {@code from[at + first[i] + k] * weights[i * stride + k]}.
     *
     * @param to receives a sample for each target, each {@code step} after the one before
     */
    void filter(byte[] from, int at, FilterTaps taps, byte[] to, int toAt, int step);

    /** Adds a row times a weight: {@code sums[i] += row[at + i] * weight}, wrapping at 32 bits. */
    void addRow(byte[] row, int at, int weight, int[] sums, int count);

    /** Rounds and clips sums of {@link FilterTaps#FRACTION_BITS} fractional bits to samples, and sets them to zero. */
    void finish(int[] sums, byte[] to, int count);
}
