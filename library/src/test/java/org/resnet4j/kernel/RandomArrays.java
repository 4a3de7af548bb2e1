package org.resnet4j.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random arrays for tests, identical in every run. */
public final class RandomArrays {
    private final SplittableRandom random;

    public RandomArrays(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Returns numbers from {@code low} to {@code high}. */
    public float[] uniform(int length, double low, double high) {
        float[] array = new float[length];
        for (int i = 0; i < length; i++) {
            array[i] = (float) random.nextDouble(low, high);
        }
        return array;
    }

    /** Returns normally distributed numbers. */
    public float[] normal(int length, double mean, double deviation) {
        float[] array = new float[length];
        for (int i = 0; i < length; i++) {
            array[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return array;
    }

    /** Returns numbers of both signs, mostly positive, so that long sums do not cancel. */
    public float[] mixed(int length) {
        return uniform(length, -0.5, 1);
    }

    /** Returns NaN everywhere, which reveals code that reads an element or fails to overwrite it. */
    public static float[] garbage(int length) {
        float[] array = new float[length];
        Arrays.fill(array, Float.NaN);
        return array;
    }

    /** Returns a number from {@code low} to {@code high}, inclusive. */
    public int integer(int low, int high) {
        return random.nextInt(low, high + 1);
    }
}
