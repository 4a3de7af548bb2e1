package org.resnet4j.inference.int8;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;

/**
 * Weights of 8 bits: {@code w · scale} of their output channel.
 *
 * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}, from -127 to 127
 * @param scales {@code [outChannels]}, positive
 * @param bias {@code [outChannels]}
 */
public record QuantizedWeights(byte[] w, float[] scales, float[] bias) {
    /** The largest weight. Its opposite is the lowest, so that the negative of a weight is a weight as well. */
    static final int LARGEST = 127;

    /**
     * Quantizes weights: the largest weight of each output channel becomes 127 or -127.
     *
     * @param weights {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}
     * @param bias {@code [outChannels]}
     */
    static QuantizedWeights of(float[] weights, float[] bias) {
        int channels = bias.length;
        var scales = new float[channels];
        for (int i = 0; i < weights.length; i++) {
            scales[i % channels] = Math.max(scales[i % channels], Math.abs(weights[i]));
        }
        for (int k = 0; k < channels; k++) {
            // A channel without weights has only zeros, for which every scale is right.
            float scale = scales[k] / LARGEST;
            scales[k] = scale > 0 ? scale : 1;
        }
        var w = new byte[weights.length];
        for (int i = 0; i < w.length; i++) {
            double quotient = Math.rint((double) weights[i] / scales[i % channels]);
            w[i] = (byte) Math.clamp(quotient, -LARGEST, LARGEST);
        }
        return new QuantizedWeights(w, scales, bias.clone());
    }

    /**
     * Returns these weights with another bias, so that rounding them does not change the mean of a channel (bias
     * correction, Nagel et al., 2019).
     *
     * @param weights the weights before they were quantized
     * @param means the mean of each channel of the input
     * @param shape the geometry
     */
    QuantizedWeights corrected(float[] weights, float[] means, ConvolutionShape shape) {
        int channels = bias.length;
        int groupIn = shape.inChannels() / shape.groups();
        int groupOut = channels / shape.groups();
        var errors = new double[channels];
        for (int i = 0; i < w.length; i++) {
            int k = i % channels;
            int c = k / groupOut * groupIn + i / channels % groupIn;
            errors[k] += ((double) weights[i] - (double) w[i] * scales[k]) * means[c];
        }
        var corrected = new float[channels];
        for (int k = 0; k < channels; k++) {
            corrected[k] = (float) (bias[k] + errors[k]);
        }
        return new QuantizedWeights(w, scales, corrected);
    }

    /** Returns the weights in the form that kernels read, for results in bytes. */
    Int8Weights toBytes(ByteScale x, ByteTarget target) {
        return new Int8Weights(w, new Int8Epilogue(rescaling(x, target), null));
    }

    /**
     * Returns the weights in the form that kernels read, for results that are added to a shortcut.
     *
     * @param x the scale of the input
     * @param branch the scale of the results
     * @param sum the scale of the sum
     */
    Int8Weights toSums(ByteScale x, ByteScale branch, ByteTarget sum) {
        Int8Rescaling rescaling = rescaling(x, new ByteTarget(branch, null, 1, false));
        return new Int8Weights(w, new Int8Epilogue(rescaling, sum.rescaling(branch, new float[] {1}, new float[1])));
    }

    /** Returns the weights in the form that kernels read, for results in float32. */
    Int8Weights toFloats(ByteScale x) {
        return new Int8Weights(w, new Int8Epilogue(rescaling(x, 1, 0, 0), null));
    }

    private Int8Rescaling rescaling(ByteScale x, ByteTarget target) {
        return rescaling(x, target.unit(), target.offset(), target.lowest());
    }

    private Int8Rescaling rescaling(ByteScale x, double unit, double offset, int lowest) {
        int channels = bias.length;
        var sums = new long[channels];
        for (int i = 0; i < w.length; i++) {
            sums[i % channels] += w[i];
        }
        var factors = new float[channels];
        var offsets = new float[channels];
        for (int k = 0; k < channels; k++) {
            // The bias counts in units of the products, as it does wherever it is an integer.
            double product = (double) x.scale() * scales[k];
            double count = Math.rint(bias[k] / product) - (double) x.zeroPoint() * sums[k];
            factors[k] = (float) (product * unit);
            offsets[k] = (float) (count * product * unit + offset);
        }
        return new Int8Rescaling(factors, offsets, 0, lowest);
    }
}
