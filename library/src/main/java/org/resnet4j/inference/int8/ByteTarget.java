package org.resnet4j.inference.int8;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Int8Rescaling;

/**
 * The scale of a result, and what becomes part of it before it is rounded.
 *
 * @param y the scale of the result
 * @param residual the scale of the images that are added, or null
 * @param weight the factor of the images that are added
 * @param relu true if ReLU follows
 */
record ByteTarget(ByteScale y, @Nullable ByteScale residual, double weight, boolean relu) {
    /** Returns the factor of real numbers. */
    double unit() {
        return 1.0 / y.scale();
    }

    private double added() {
        return residual == null ? 0 : weight * residual.scale() / y.scale();
    }

    /** Returns the offset of real numbers, which holds the zero points. */
    double offset() {
        return y.zeroPoint() - (residual == null ? 0 : added() * residual.zeroPoint());
    }

    /** Returns the lowest result. */
    int lowest() {
        return relu ? y.zeroPoint() : 0;
    }

    /**
     * Returns the rescaling for an affine function of bytes.
     *
     * @param x the scale of the bytes
     * @param factors the factors of real numbers
     * @param offsets their offsets, of the same length
     */
    Int8Rescaling rescaling(ByteScale x, float[] factors, float[] offsets) {
        var scaledFactors = new float[factors.length];
        var scaledOffsets = new float[factors.length];
        for (int k = 0; k < factors.length; k++) {
            double factor = factors[k] * unit() * x.scale();
            scaledFactors[k] = (float) factor;
            scaledOffsets[k] = (float) (offsets[k] * unit() - factor * x.zeroPoint() + offset());
        }
        return new Int8Rescaling(scaledFactors, scaledOffsets, (float) added(), lowest());
    }
}
