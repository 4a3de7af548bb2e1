package org.resnet4j.kernel;

/**
 * The filter weights for resizing in one direction: target pixel {@code i} is the sum over {@code k < count[i]} of
 * source pixel {@code first[i] + k} times {@code weights[i * stride + k]}, in fixed point.
 *
 * @param stride the distance of the weights of two targets, a multiple of {@link #GROUP}
 * @param first the first source pixel of each target, not decreasing
 * @param count the number of source pixels of each target
 * @param weights in fixed point with {@link #FRACTION_BITS}; those beyond {@code count} are zero
 */
public record FilterTaps(int stride, int[] first, int[] count, int[] weights) {
    /** The product of an 8-bit sample and a weight of at most about 2 fits into a signed 32-bit integer. */
    public static final int FRACTION_BITS = 32 - 8 - 2;

    /** The summand that rounds. */
    public static final int HALF = 1 << FRACTION_BITS - 1;

    /** The weights of a target are padded with zeros to a multiple of this number. */
    public static final int GROUP = 16;

    /** Returns the number of target pixels. */
    public int size() {
        return first.length;
    }

    /** Returns the first source pixel that any target pixel needs. */
    public int lowest() {
        return first[0];
    }

    /** Returns the source pixel after the last one that any target pixel needs. */
    public int highest() {
        return first[size() - 1] + count[size() - 1];
    }

    /** Returns these weights for a source that starts at pixel {@code offset} of this one. */
    public FilterTaps shifted(int offset) {
        int[] moved = first.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] -= offset;
        }
        return new FilterTaps(stride, moved, count, weights);
    }

    /**
     * Returns the weights for the mirrored source. The targets are in the opposite order.
     *
     * @param sourceSize the number of source pixels
     */
    public FilterTaps mirrored(int sourceSize) {
        int size = size();
        var reversed = new FilterTaps(stride, new int[size], new int[size], new int[weights.length]);
        for (int i = 0; i < size; i++) {
            int to = size - 1 - i;
            reversed.first[to] = sourceSize - first[i] - count[i];
            reversed.count[to] = count[i];
            for (int k = 0; k < count[i]; k++) {
                reversed.weights[to * stride + k] = weights[i * stride + count[i] - 1 - k];
            }
        }
        return reversed;
    }
}
