package org.resnet4j.inference.int8;

/** The means of the channels of a value. */
final class ChannelMeans {
    private final double[] sums;
    private long pixels;

    ChannelMeans(int channels) {
        sums = new double[channels];
    }

    /**
     * Adds pixels.
     *
     * @param numbers {@code [pixels, channels]}; may be longer
     * @param count the number of numbers
     */
    void add(float[] numbers, int count) {
        int channels = sums.length;
        for (int start = 0; start < count; start += channels) {
            for (int c = 0; c < channels; c++) {
                sums[c] += numbers[start + c];
            }
        }
        pixels += count / channels;
    }

    /** Returns the mean of each channel. */
    float[] values() {
        var means = new float[sums.length];
        for (int c = 0; c < means.length; c++) {
            means[c] = (float) (sums[c] / pixels);
        }
        return means;
    }
}
