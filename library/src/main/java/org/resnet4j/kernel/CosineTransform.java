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

    private CosineTransform() {}

    private static int fixed(double value) {
        return (int) (value * (1 << FRACTION) + 0.5);
    }
}
