package org.resnet4j.inference.step;

import java.util.Arrays;
import org.resnet4j.graph.Operation;

/**
 * A normalization or a bias in the form that the kernels read, {@code factor · x + offset} for each channel.
 *
 * @param factors the factor of each channel
 * @param offsets the offset of each channel
 */
public record AffineNorm(double[] factors, float[] offsets) {
    public static AffineNorm of(Operation.Affine layer) {
        var factors = new double[layer.channels()];
        var offsets = new float[factors.length];
        for (int k = 0; k < factors.length; k++) {
            factors[k] = layer.factor(k);
            offsets[k] = (float) layer.offset(k);
        }
        return new AffineNorm(factors, offsets);
    }

    /** Returns factors of 1 and offsets of 0. */
    public static AffineNorm identity(int channels) {
        var factors = new double[channels];
        Arrays.fill(factors, 1);
        return new AffineNorm(factors, new float[channels]);
    }

    /** Returns the factors, then the offsets, {@code [2, channels]}, as the kernels read them. */
    float[] toArray() {
        int channels = offsets.length;
        var both = new float[2 * channels];
        for (int k = 0; k < channels; k++) {
            both[k] = (float) factors[k];
            both[channels + k] = offsets[k];
        }
        return both;
    }
}
