package org.resnet4j.kernel;

/**
 * The weights of a quantized convolution, and how its sums become results. A sum {@code s} of output channel {@code k}
 * becomes {@code s * factors[k] + offsets[k]}, computed as one fused multiply-add in float32. The factor is the product
 * of the scales of input and weights, divided by the scale of the output. The offset holds the bias and the zero points.
 *
 * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}, from -127 to 127
 * @param factors {@code [outChannels]}
 * @param offsets {@code [outChannels]}
 * @param residualFactor the factor of a residual byte that is added, again by a fused multiply-add
 * @param lowest the lowest result: 0, or the output's zero point after a ReLU
 */
public record Int8Weights(byte[] w, float[] factors, float[] offsets, float residualFactor, int lowest) {
    /** The largest byte. */
    public static final int HIGHEST = 255;

    /** Results must be less than this before they are limited, so that they can be converted to integers. */
    private static final double LIMIT = 1 << 30;

    /**
     * Checks the weights of a convolution.
     *
     * @throws IllegalArgumentException if the arrays do not fit the shape, or results might exceed 32-bit integers
     */
    public void check(ConvolutionShape shape) {
        int out = shape.outChannels();
        if (w.length != shape.weightSize() || factors.length != out || offsets.length != out) {
            throw new IllegalArgumentException(w.length + " weights, " + factors.length + " factors and "
                    + offsets.length + " offsets for " + shape);
        }
        if (lowest < 0 || lowest > HIGHEST) {
            throw new IllegalArgumentException("a lowest result of " + lowest);
        }
        double depth = (double) shape.weightSize() / out;
        double sum = depth * HIGHEST * -Byte.MIN_VALUE;
        for (int k = 0; k < out; k++) {
            double most = sum * Math.abs(factors[k]) + Math.abs(offsets[k]) + HIGHEST * Math.abs(residualFactor);
            if (!(sum < LIMIT && most < LIMIT)) {
                throw new IllegalArgumentException("output channel " + k + ": factor " + factors[k] + ", offset "
                        + offsets[k] + ", residual factor " + residualFactor + " and " + (long) depth
                        + " products may exceed 32 bits");
            }
        }
    }

    /** Returns weights that do not share arrays with these. */
    public Int8Weights copy() {
        return new Int8Weights(w.clone(), factors.clone(), offsets.clone(), residualFactor, lowest);
    }

    /** Returns the result of a sum of output channel {@code k}. */
    public float result(int sum, int k) {
        return Math.fma(sum, factors[k], offsets[k]);
    }

    /** Returns a result to which a residual byte is added. */
    public float added(float result, byte residual) {
        return Math.fma(residual & HIGHEST, residualFactor, result);
    }

    /** Returns a result as a byte. */
    public byte rounded(float result) {
        return (byte) Math.clamp((int) Math.rint(result), lowest, HIGHEST);
    }
}
