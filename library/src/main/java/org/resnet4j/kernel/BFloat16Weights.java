package org.resnet4j.kernel;

/**
 * The weights of a convolution in bfloat16, and what follows it in float32.
 *
 * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}, as bfloat16 numbers
 * @param bias {@code [outChannels]}
 * @param activation follows the sum of products, bias and residual
 */
public record BFloat16Weights(short[] w, float[] bias, Activation activation) {
    /** Rounds weights to bfloat16. */
    public static BFloat16Weights of(float[] w, float[] bias, Activation activation) {
        var rounded = new short[w.length];
        BFloat16.round(w, 0, rounded, 0, w.length);
        return new BFloat16Weights(rounded, bias.clone(), activation);
    }

    /**
     * Checks the lengths of the arrays.
     *
     * @throws IllegalArgumentException if they do not fit the shape
     */
    public void check(ConvolutionShape shape) {
        if (w.length != shape.weightSize() || bias.length != shape.outChannels()) {
            throw new IllegalArgumentException(w.length + " weights and a bias of " + bias.length + " for " + shape);
        }
    }

    /** Returns weights that do not share arrays with these. */
    public BFloat16Weights copy() {
        return new BFloat16Weights(w.clone(), bias.clone(), activation);
    }

    /**
     * Returns the result of a sum of products.
     *
     * @param k the channel
     * @param residual is added
     */
    public float result(float sum, int k, float residual) {
        return activated(sum + bias[k] + residual);
    }

    /** Returns the result of a sum of products of channel {@code k}. */
    public float result(float sum, int k) {
        return activated(sum + bias[k]);
    }

    private float activated(float result) {
        // NaN and -0 pass, as they do in the instruction.
        return activation.isRelu() && result < 0 ? 0 : result;
    }
}
