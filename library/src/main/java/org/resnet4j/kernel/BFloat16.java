package org.resnet4j.kernel;

/**
 * bfloat16 numbers: the upper half of a float, with 8 bits of precision and the range of a float. Denormal numbers count
 * as zero, as they do for the instructions of the processor.
 */
public final class BFloat16 {
    private static final int BITS = 16;

    /** The bit that is set in every NaN that an operation returns. */
    private static final int QUIET = 0x40;

    private static final short MAGNITUDE = Short.MAX_VALUE;
    private static final short SMALLEST_NORMAL = 0x80;

    /** The number of negative bit patterns that are NaN. */
    public static final int NEGATIVE_NANS = 0x7f;

    private BFloat16() {}

    /** Returns the nearest bfloat16 number; of two, the one whose last bit is zero. NaN stays NaN. */
    public static short of(float number) {
        int bits = Float.floatToRawIntBits(flushed(number));
        int upper = bits >>> BITS;
        if (Float.isNaN(number)) {
            return (short) (upper | QUIET);
        }
        // Half a unit of the last place rounds up, and down if the number was even.
        return (short) ((bits + Short.MAX_VALUE + (upper & 1)) >>> BITS);
    }

    /** Rounds adjacent floats. */
    public static void round(float[] from, int source, short[] to, int target, int count) {
        for (int i = 0; i < count; i++) {
            to[target + i] = of(from[source + i]);
        }
    }

    /** Returns the float of a bfloat16 number. */
    public static float toFloat(short number) {
        return Float.intBitsToFloat(number << BITS);
    }

    /** Returns the float of a factor: zero for a denormal number. */
    public static float factor(short number) {
        return (number & MAGNITUDE) < SMALLEST_NORMAL ? toFloat((short) (number & ~MAGNITUDE)) : toFloat(number);
    }

    /** Returns a number, or zero with its sign if it is denormal. */
    public static float flushed(float number) {
        return Math.abs(number) < Float.MIN_NORMAL ? Math.copySign(0f, number) : number;
    }

    /**
     * Returns the sum of a number and a product, rounded once.
     *
     * @param x a factor
     * @param w a factor
     */
    public static float multiplyAdd(short x, short w, float sum) {
        return flushed(FusedMultiplyAdd.of(factor(x), factor(w), flushed(sum)));
    }

    /**
     * Returns the rank of a number: larger numbers have larger ranks, and NaN the largest.
     *
     * @return a number to compare as an integer
     */
    public static short rank(short number) {
        // Negative numbers fall as their bits rise; those beyond -infinity, which are NaN, wrap around to the top.
        return (short) ((number ^ number >> BITS - 1 & MAGNITUDE) - NEGATIVE_NANS);
    }

    /** Returns the number of a rank. */
    public static short ofRank(short rank) {
        short number = (short) (rank + NEGATIVE_NANS);
        return (short) (number ^ number >> BITS - 1 & MAGNITUDE);
    }

    /**
     * Returns the order in which the products of adjacent channels are added: two at a time, the upper one first.
     *
     * @param first the first channel
     * @param count the number of channels
     * @return the distances from the first channel
     */
    public static int[] order(int first, int count) {
        var order = new int[count];
        int next = 0;
        for (int lower = first - first % PaddedImages.BFLOATS_AT_ONCE; lower < first + count; lower += 2) {
            if (lower + 1 < first + count) {
                order[next++] = lower + 1 - first;
            }
            if (lower >= first) {
                order[next++] = lower - first;
            }
        }
        return order;
    }
}
