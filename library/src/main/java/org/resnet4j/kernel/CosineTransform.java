package org.resnet4j.kernel;

/** The constants of JPEG's inverse cosine transform, with the names of libjpeg's {@code jidctint.c}. */
public final class CosineTransform {
    /** The fractional bits of the factors. */
    public static final int FRACTION = 13;

    /** The fractional bits that the column pass keeps for the row pass. */
    public static final int KEPT = 2;

    /**
     * The bound on the sum of a block's magnitudes: below it, no sum of the transform overflows 32 bits. Blocks of
     * pictures stay below a third of it.
     */
    public static final int LARGEST_SUM = 1 << 15;

    /** The shift of the row pass. Coefficients are eight times as large as samples. */
    public static final int LAST_SHIFT = FRACTION + KEPT + 3;

    public static final int F_0_298 = fixed(0.298631336);
    public static final int F_0_390 = fixed(0.390180644);
    public static final int F_0_541 = fixed(0.541196100);
    public static final int F_0_765 = fixed(0.765366865);
    public static final int F_0_899 = fixed(0.899976223);
    public static final int F_1_175 = fixed(1.175875602);
    public static final int F_1_501 = fixed(1.501321110);
    public static final int F_1_847 = fixed(1.847759065);
    public static final int F_1_961 = fixed(1.961570560);
    public static final int F_2_053 = fixed(2.053119869);
    public static final int F_2_562 = fixed(2.562915447);
    public static final int F_3_072 = fixed(3.072711026);

    // Weights of coefficients in the mean of the first two of eight samples, relative to the weight of coefficient 0.
    public static final int OUTER_1 = mean(1, 0, 2);
    public static final int OUTER_3 = mean(3, 0, 2);
    public static final int OUTER_5 = mean(5, 0, 2);
    public static final int OUTER_7 = mean(7, 0, 2);

    // The same, up to a sign, for the next two samples. A mean of two cancels the fourth coefficient.
    public static final int EVEN_2 = mean(2, 0, 2);
    public static final int EVEN_6 = mean(6, 0, 2);

    // The mean of samples two and three.
    public static final int INNER_1 = mean(1, 2, 2);
    public static final int INNER_3 = mean(3, 2, 2);
    public static final int INNER_5 = mean(5, 2, 2);
    public static final int INNER_7 = mean(7, 2, 2);

    // The mean of the first four samples, which cancels all even coefficients but the first.
    public static final int HALF_1 = mean(1, 0, 4);
    public static final int HALF_3 = mean(3, 0, 4);
    public static final int HALF_5 = mean(5, 0, 4);
    public static final int HALF_7 = mean(7, 0, 4);

    private CosineTransform() {}

    private static int mean(int k, int from, int samples) {
        double sum = 0;
        for (int x = from; x < from + samples; x++) {
            sum += StrictMath.cos((2 * x + 1) * k * Math.PI / 16);
        }
        return (int) Math.rint(sum / samples * StrictMath.sqrt(2) * (1 << FRACTION));
    }

    private static int fixed(double value) {
        return (int) (value * (1 << FRACTION) + 0.5);
    }
}
