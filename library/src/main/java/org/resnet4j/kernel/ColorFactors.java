package org.resnet4j.kernel;

/** The factors of JFIF 1.02 for the conversion to RGB, in fixed point, as in libjpeg's {@code jdcolor.c}. */
public final class ColorFactors {
    public static final int FRACTION = 16;

    public static final int RED_OF_CR = fixed(1.402);
    public static final int BLUE_OF_CB = fixed(1.772);
    public static final int GREEN_OF_CR = -fixed(0.71414);
    public static final int GREEN_OF_CB = -fixed(0.34414);

    /** The summand that rounds. */
    public static final int HALF = 1 << FRACTION - 1;

    private ColorFactors() {}

    private static int fixed(double value) {
        return (int) (value * (1 << FRACTION) + 0.5);
    }
}
