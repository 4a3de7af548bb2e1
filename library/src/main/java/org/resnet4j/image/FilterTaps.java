package org.resnet4j.image;

/**
 * The filter weights for resizing in one direction: target pixel {@code i} is the sum over {@code k < count[i]} of
 * source pixel {@code first[i] + k} times {@code weights[i * stride + k]}, in fixed point.
 */
record FilterTaps(int stride, int[] first, int[] count, int[] weights) {
    /** The product of an 8-bit sample and a weight of at most about 2 fits into a signed 32-bit integer. */
    static final int FRACTION_BITS = 32 - 8 - 2;

    static final int HALF = 1 << FRACTION_BITS - 1;

    /**
     * Computes the weights of the target pixels {@code from} to {@code to} - 1 when the source pixels between
     * {@code start} and {@code end} become {@code size} target pixels.
     */
    static FilterTaps compute(
            int sourceSize, float start, float end, int size, int from, int to, Interpolation interpolation) {
        double scale = (double) (end - start) / size;
        double stretch = Math.max(scale, 1);
        double support = interpolation.support() * stretch;
        int stride = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[to - from];
        int[] count = new int[to - from];
        int[] weights = new int[Math.multiplyExact(to - from, stride)];
        double[] exact = new double[stride];
        double inverseStretch = 1 / stretch;
        for (int i = 0; i < first.length; i++) {
            double center = start + (from + i + 0.5) * scale;
            int low = Math.max((int) (center - support + 0.5), 0);
            int high = Math.min((int) (center + support + 0.5), sourceSize);
            first[i] = low;
            count[i] = high - low;
            double sum = 0;
            for (int k = 0; k < count[i]; k++) {
                exact[k] = interpolation.weight((k + low - center + 0.5) * inverseStretch);
                sum += exact[k];
            }
            for (int k = 0; k < count[i]; k++) {
                weights[i * stride + k] = fixed(sum == 0 ? exact[k] : exact[k] / sum);
            }
        }
        return new FilterTaps(stride, first, count, weights);
    }

    private static int fixed(double weight) {
        return (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << FRACTION_BITS));
    }

    /** Returns the number of target pixels. */
    int size() {
        return first.length;
    }

    /** Returns the first source pixel that any target pixel needs. */
    int lowest() {
        return first[0];
    }

    /** Returns the source pixel after the last one that any target pixel needs. */
    int highest() {
        return first[size() - 1] + count[size() - 1];
    }

    /** Returns these weights for a source that starts at pixel {@code offset} of this one. */
    FilterTaps shifted(int offset) {
        int[] moved = first.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] -= offset;
        }
        return new FilterTaps(stride, moved, count, weights);
    }
}
