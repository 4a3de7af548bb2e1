package org.resnet4j.inference;

import java.util.Arrays;
import org.resnet4j.layer.BatchNorm2d;

/**
 * What a batch normalisation does in evaluation: {@code factor · x + offset} for each channel.
 *
 * @param factors {@code γ / sqrt(Var + ε)}
 * @param offsets {@code β − mean · factor}
 */
record AffineNorm(double[] factors, float[] offsets) {
    static AffineNorm of(BatchNorm2d norm) {
        float[] gamma = norm.scale().value().array();
        float[] beta = norm.shift().value().array();
        float[] mean = norm.runningMean().value().array();
        float[] variance = norm.runningVariance().value().array();
        var factors = new double[gamma.length];
        var offsets = new float[gamma.length];
        for (int k = 0; k < gamma.length; k++) {
            factors[k] = gamma[k] / Math.sqrt((double) variance[k] + norm.epsilon());
            offsets[k] = (float) (beta[k] - mean[k] * factors[k]);
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
