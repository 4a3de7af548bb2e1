package org.resnet4j.kernel;

/** Conversion between floats and {@link BFloat16Pairs}. All implementations compute the same bits. */
public interface ConversionKernel {
    /**
     * Converts numbers to floats.
     *
     * @param from the first number, even
     * @param count the count of numbers, even
     */
    void toFloats(float[] pairs, int from, float[] floats, int to, int count);

    /**
     * Rounds floats ({@link BFloat16#of}).
     *
     * @param to the first number, even
     * @param count the count of numbers, even
     */
    void ofFloats(float[] floats, int from, float[] pairs, int to, int count);
}
