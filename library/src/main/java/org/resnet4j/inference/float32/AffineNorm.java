package org.resnet4j.inference.float32;

import java.util.Arrays;
import org.resnet4j.graph.Operation;

/**
 * A normalization or a bias as the kernels take it: {@code factor · x + offset} for each channel.
 *
 * @param factors of each channel
 * @param offsets of each channel
 */
record AffineNorm(double[] factors, float[] offsets) {
    static AffineNorm of(Operation.Affine layer) {
        var factors = new double[layer.channels()];
        var offsets = new float[factors.length];
        for (int k = 0; k < factors.length; k++) {
            factors[k] = layer.factor(k);
            offsets[k] = (float) layer.offset(k);
        }
        return new AffineNorm(factors, offsets);
    }

    /** No change. */
    static AffineNorm identity(int channels) {
        var factors = new double[channels];
        Arrays.fill(factors, 1);
        return new AffineNorm(factors, new float[channels]);
    }

    /** Factors, then offsets, {@code [2, channels]}: as the kernels take them. */
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
