package org.resnet4j.support;

/**
 * Random numbers that depend only on their key, on every machine and JDK.
 *
 * <p>The key is a hash of the values that identify the draw (seed, epoch, sample …), so no draw depends on the draws of
 * other threads or epochs. The generator is SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014.
 */
public final class SeededRandom {
    /** The purpose of a draw. Different purposes with the same seed and index are independent. */
    public enum Purpose {
        SHUFFLE,
        SAMPLE,
        MIXING,
        SPLIT,
        SYNTHETIC,
        BALANCE
    }

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    private SeededRandom(long state) {
        this.state = state;
    }

    /** Returns the generator of one draw; {@code first} and {@code second} distinguish draws of the same purpose. */
    public static SeededRandom of(long seed, Purpose purpose, long first, long second) {
        long key = mix(seed + GOLDEN_GAMMA);
        key = mix(key ^ (purpose.ordinal() + 1) * 0xd1342543de82ef95L);
        key = mix(key ^ (first + 1) * 0xaf251af3b0f025b5L);
        key = mix(key ^ (second + 1) * 0xb564ef22ec7aece5L);
        return new SeededRandom(key);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Returns a uniform integer from 0 to {@code bound - 1}; the bias is below 2^-33. */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound must be at least 1, got " + bound);
        }
        return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** Returns a uniform number in [0, 1), with 53 random bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Returns a uniform number in [from, to). */
    public double nextDouble(double from, double to) {
        return from + (to - from) * nextDouble();
    }

    /** Returns true with this probability. */
    public boolean nextChance(double probability) {
        return nextDouble() < probability;
    }

    /** Returns a number from the normal distribution with mean 0 and standard deviation 1 (Box and Muller). */
    public double nextGaussian() {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * nextDouble());
    }

    /**
     * Returns a number from Beta(alpha, alpha), by Jöhnk's rejection method, which is fast for the small alphas of
     * mixup.
     *
     * @param alpha from {@code BatchMixing}, for which every second draw is accepted, to
     *     {@code BatchMixing}
     */
    public double nextBeta(double alpha) {
        if (alpha == 1) {
            return nextDouble();
        }
        while (true) {
            double first = StrictMath.pow(nextDouble(), 1 / alpha);
            double second = StrictMath.pow(nextDouble(), 1 / alpha);
            double sum = first + second;
            if (sum > 0 && sum <= 1) {
                return first / sum;
            }
        }
    }

    /** Returns the numbers from 0 to {@code count - 1} in random order (Fisher and Yates). */
    public int[] permutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        shuffle(order);
        return order;
    }

    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = nextInt(i + 1);
            int kept = values[i];
            values[i] = values[other];
            values[other] = kept;
        }
    }
}
