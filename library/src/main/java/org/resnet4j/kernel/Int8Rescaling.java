package org.resnet4j.kernel;

/**
 * The conversion of integers to the bytes of another scale. An integer {@code s} of channel {@code k} becomes
 * {@code s * factors[k] + offsets[k]}, computed as one fused multiply-add in float32, then rounded half to even and
 * limited.
 *
 * @param factors {@code [channels]}, or {@code [batch, channels]} for factors of each image
 * @param offsets of the same length; they hold what is added, such as zero points and a bias
 * @param residualFactor the factor of a residual byte that is added, again by a fused multiply-add
 * @param lowest the lowest result: 0, or the output's zero point after a ReLU
 */
public record Int8Rescaling(float[] factors, float[] offsets, float residualFactor, int lowest) {
    /** The largest byte. */
    public static final int HIGHEST = 255;

    /** Results must be less than this before they are limited, so that they can be converted to integers. */
    private static final double LIMIT = 1 << 30;

    /**
     * Checks the numbers.
     *
     * @param length the length of the arrays
     * @param most the largest absolute value of an integer
     * @throws IllegalArgumentException if the arrays have another length, or results might exceed 32-bit integers
     */
    public void check(int length, double most) {
        if (factors.length != length || offsets.length != length) {
            throw new IllegalArgumentException(
                    factors.length + " factors and " + offsets.length + " offsets, expected " + length);
        }
        if (lowest < 0 || lowest > HIGHEST) {
            throw new IllegalArgumentException("a lowest result of " + lowest);
        }
        for (int k = 0; k < length; k++) {
            double result = most * Math.abs(factors[k]) + Math.abs(offsets[k]) + HIGHEST * Math.abs(residualFactor);
            if (!(most < LIMIT && result < LIMIT)) {
                throw new IllegalArgumentException("channel " + k + ": factor " + factors[k] + ", offset " + offsets[k]
                        + " and residual factor " + residualFactor + " of integers up to " + (long) most
                        + " may exceed 32 bits");
            }
        }
    }

    /** Returns a rescaling that does not share arrays with this. */
    public Int8Rescaling copy() {
        return new Int8Rescaling(factors.clone(), offsets.clone(), residualFactor, lowest);
    }

    /**
     * Returns the index of the first factor of an image.
     *
     * @param channels the channels of an image
     */
    public int first(int image, int channels) {
        return factors.length > channels ? image * channels : 0;
    }

    /** Returns the result of a mean. */
    public float mean(int sum, int count) {
        return FusedMultiplyAdd.of(sum, factors[0] / count, offsets[0]);
    }

    /** Returns the result of an integer with the factor and offset {@code k}. */
    public float result(int sum, int k) {
        return FusedMultiplyAdd.of(sum, factors[k], offsets[k]);
    }

    /** Returns a result to which a residual byte is added. */
    public float added(float result, byte residual) {
        return FusedMultiplyAdd.of(residual & HIGHEST, residualFactor, result);
    }

    /** Returns a result as a byte. */
    public byte rounded(float result) {
        return (byte) Math.clamp((int) Math.rint(result), lowest, HIGHEST);
    }
}
