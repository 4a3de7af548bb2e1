package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The last part of a quantized convolution: it rescales the sums to bytes or floats. If a residual is added, the bytes
 * have a scale of their own, as in a graph that quantizes every value, and their sum with the residual is rescaled again.
 *
 * @param rescaling the conversion of the integers, with the factor of each output channel
 * @param sum the conversion of the sum with a residual, with one factor; null if nothing is added
 */
public record Int8Epilogue(
        Int8Rescaling rescaling, @Nullable Int8Rescaling sum) {
    /** Checks the numbers: see {@link Int8Rescaling#check}. */
    void check(int channels, double most) {
        rescaling.check(channels, most);
        if (sum != null) {
            sum.check(1, Int8Rescaling.HIGHEST);
        }
    }

    /** Returns an epilogue that does not share arrays with this. */
    public Int8Epilogue copy() {
        return new Int8Epilogue(rescaling.copy(), sum == null ? null : sum.copy());
    }

    /** Returns the float of an integer of channel {@code k}. */
    public float number(int integer, int k) {
        return rescaling.result(integer, k);
    }

    /**
     * Returns the byte of an integer of channel {@code k}.
     *
     * @param residual the byte that is added; anything if nothing is
     */
    public byte result(int integer, int k, byte residual) {
        byte result = rescaling.rounded(rescaling.result(integer, k));
        return sum == null ? result : sum.rounded(sum.added(sum.result(result & Int8Rescaling.HIGHEST, 0), residual));
    }
}
