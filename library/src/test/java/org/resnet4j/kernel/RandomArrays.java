package org.resnet4j.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Arrays for tests, the same at every run. */
public final class RandomArrays {
    private final SplittableRandom random;

    public RandomArrays(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Numbers from {@code low} to {@code high}. */
    public float[] uniform(int length, double low, double high) {
        float[] array = new float[length];
        for (int i = 0; i < length; i++) {
            array[i] = (float) random.nextDouble(low, high);
        }
        return array;
    }

    /** Normal numbers. */
    public float[] normal(int length, double mean, double deviation) {
        float[] array = new float[length];
        for (int i = 0; i < length; i++) {
            array[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return array;
    }

    /** Numbers of both signs, more of them positive, so that long sums do not cancel to nothing. */
    public float[] mixed(int length) {
        return uniform(length, -0.5, 1);
    }

    /** NaN everywhere: whoever reads it, or forgets to overwrite it, is found out. */
    public static float[] garbage(int length) {
        float[] array = new float[length];
        Arrays.fill(array, Float.NaN);
        return array;
    }

    /** A number from {@code low} to {@code high}, both included. */
    public int integer(int low, int high) {
        return random.nextInt(low, high + 1);
    }
}
