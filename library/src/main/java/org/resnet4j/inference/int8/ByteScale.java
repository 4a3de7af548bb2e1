package org.resnet4j.inference.int8;

/**
 * The numbers that bytes stand for: {@code (byte − zeroPoint) · scale}, with the byte from 0 to 255.
 *
 * @param scale the distance of neighboring numbers; positive
 * @param zeroPoint the byte that stands for 0
 */
public record ByteScale(float scale, int zeroPoint) {
    static final int HIGHEST = 255;

    /** More than a quotient that is a byte with any zero point. */
    private static final float BOUND = 1024;

    /** Numbers of this size have no fractions, so adding it rounds half to even; unlike rint, compilers vectorize it. */
    private static final float ROUNDING = 3 << 22;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the scale is not a positive number, or the zero point not a byte
     */
    public ByteScale {
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw new IllegalArgumentException("a scale of " + scale);
        }
        if (zeroPoint < 0 || zeroPoint > HIGHEST) {
            throw new IllegalArgumentException("a zero point of " + zeroPoint);
        }
    }

    /**
     * Returns the scale for a range of numbers, which is extended to contain 0.
     *
     * @param low the lowest number
     * @param high the highest number
     */
    public static ByteScale ofRange(double low, double high) {
        double from = Math.min(low, 0);
        double to = Math.max(high, 0);
        float scale = (float) ((to - from) / HIGHEST);
        // A range without an extent has only zeros, for which every scale is right.
        return scale > 0 ? new ByteScale(scale, (int) Math.rint(-from / scale)) : new ByteScale(1, 0);
    }

    /** Returns the lowest number. */
    double lowest() {
        return -(double) zeroPoint * scale;
    }

    /** Returns the highest number. */
    double highest() {
        return (double) (HIGHEST - zeroPoint) * scale;
    }

    /**
     * Returns a scale for the numbers that are added to a shortcut. Numbers outside its range do not change the sum,
     * which is then the lowest or the highest in any case.
     *
     * @param shortcut the scale of the shortcut
     * @param sum the scale of the sum, or of its ReLU
     */
    static ByteScale ofBranch(ByteScale shortcut, ByteScale sum) {
        return ofRange(sum.lowest() - shortcut.highest(), sum.highest() - shortcut.lowest());
    }

    /**
     * Returns a scale that is wide enough for every sum of two numbers.
     *
     * @param relu true if ReLU follows the sum
     */
    public static ByteScale ofSum(ByteScale one, ByteScale other, boolean relu) {
        double lowest = relu ? 0 : one.lowest() + other.lowest();
        return ofRange(lowest, one.highest() + other.highest());
    }

    /**
     * Returns the nearest byte, from 0 to 255: {@code number / scale}, rounded half to even, plus the zero point.
     *
     * @param number a finite number
     */
    int quantize(float number) {
        float bounded = Math.min(Math.max(number / scale, -BOUND), BOUND);
        return Math.min(Math.max((int) ((bounded + ROUNDING) - ROUNDING) + zeroPoint, 0), HIGHEST);
    }

    /** Returns the number that a byte stands for. */
    public float number(byte quantized) {
        return ((quantized & HIGHEST) - zeroPoint) * scale;
    }
}
