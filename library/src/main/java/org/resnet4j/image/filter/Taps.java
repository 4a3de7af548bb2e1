package org.resnet4j.image.filter;

import java.util.function.DoubleUnaryOperator;
import org.resnet4j.kernel.FilterTaps;

/** The filter weights of Pillow. */
public final class Taps {
    private Taps() {}

    /**
     * A filter.
     *
     * @param support its radius in target pixels (source pixels when enlarging); 0 for the nearest pixel
     * @param weight its weight at a distance from the center
     */
    public record Filter(double support, DoubleUnaryOperator weight) {}

    /**
     * Source pixels of a direction that become target pixels.
     *
     * @param sourceSize the number of all source pixels
     * @param start the position of the first one's edge
     * @param end the position of the last one's edge
     * @param size the number of target pixels between
     * @param from the first target pixel to be computed
     * @param to the target pixel after the last one to be computed
     */
    public record Range(int sourceSize, float start, float end, int size, int from, int to) {
        /** Returns true if each target pixel is a source pixel. */
        public boolean isIdentity() {
            return size == sourceSize && start == 0 && end == size;
        }
    }

    /** Computes the weights; where the sizes are equal, each target is its source. */
    public static FilterTaps of(Range range, Filter filter) {
        if (range.isIdentity()) {
            int[] positions = new int[range.to() - range.from()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = range.from() + i;
            }
            return single(positions, range.sourceSize());
        }
        if (filter.support() == 0) {
            return single(nearest(range), range.sourceSize());
        }
        double scale = (double) (range.end() - range.start()) / range.size();
        double stretch = Math.max(scale, 1);
        double support = filter.support() * stretch;
        int most = (int) Math.ceil(support) * 2 + 1;
        int stride = Math.ceilDiv(most, FilterTaps.GROUP) * FilterTaps.GROUP;
        int[] first = new int[range.to() - range.from()];
        int[] count = new int[first.length];
        int[] weights = new int[Math.multiplyExact(first.length, stride)];
        double[] exact = new double[most];
        double inverseStretch = 1 / stretch;
        for (int i = 0; i < first.length; i++) {
            double center = range.start() + (range.from() + i + 0.5) * scale;
            int low = Math.max((int) (center - support + 0.5), 0);
            int high = Math.min((int) (center + support + 0.5), range.sourceSize());
            first[i] = low;
            count[i] = high - low;
            double sum = 0;
            for (int k = 0; k < count[i]; k++) {
                exact[k] = filter.weight().applyAsDouble((k + low - center + 0.5) * inverseStretch);
                sum += exact[k];
            }
            for (int k = 0; k < count[i]; k++) {
                weights[i * stride + k] = fixed(sum == 0 ? exact[k] : exact[k] / sum);
            }
        }
        return new FilterTaps(stride, first, count, weights);
    }

    private static int fixed(double weight) {
        return (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << FilterTaps.FRACTION_BITS));
    }

    /**
     * Computes the nearest source pixels as Pillow does: by repeated addition in double precision, truncated to whole
     * pixels.
     */
    private static int[] nearest(Range range) {
        double step = (double) (range.end() - range.start()) / range.size();
        double position = range.start() + step * 0.5;
        int[] positions = new int[range.to() - range.from()];
        for (int i = 0; i < range.to(); i++, position += step) {
            if (i >= range.from()) {
                positions[i - range.from()] = (int) position;
            }
        }
        return positions;
    }

    /** Returns weights of one source pixel for each target; black where there is none. */
    private static FilterTaps single(int[] positions, int sourceSize) {
        int[] first = new int[positions.length];
        int[] count = new int[positions.length];
        int[] weights = new int[Math.multiplyExact(positions.length, FilterTaps.GROUP)];
        for (int i = 0; i < positions.length; i++) {
            first[i] = Math.min(positions[i], sourceSize - 1);
            count[i] = 1;
            weights[i * FilterTaps.GROUP] = first[i] == positions[i] ? 1 << FilterTaps.FRACTION_BITS : 0;
        }
        return new FilterTaps(FilterTaps.GROUP, first, count, weights);
    }
}
