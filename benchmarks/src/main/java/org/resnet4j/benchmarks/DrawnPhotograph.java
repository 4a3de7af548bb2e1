package org.resnet4j.benchmarks;

import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Pictures that take as many bytes as photographs: smooth colored noise, and gray noise for texture and grain, each
 * enlarged by bilinear interpolation.
 */
final class DrawnPhotograph {
    private static final int CHANNELS = 3;
    private static final int SIDE = 1 << 8;
    private static final float MIDDLE = 128;

    /** The number of cells of each layer across the picture. */
    private static final float[] CELLS = {3, 9, 27};

    private static final float[] AMPLITUDES = {60, 35, 18};

    private static final float TEXTURE_PIXELS = 12;
    private static final float TEXTURE = 14;

    /** The width from which a picture has the strong, fine grain of a large photograph. */
    private static final int LARGE = 2000;

    private DrawnPhotograph() {}

    /** Returns the picture of a seed. */
    static BufferedImage draw(int width, int height, long seed) {
        var random = new Random(seed);
        float[] colors = noise(random, CHANNELS);
        float[] grays = noise(random, 1);
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        float[][] sums = new float[CHANNELS][width];
        for (int y = 0; y < height; y++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                float[] sum = sums[channel];
                java.util.Arrays.fill(sum, MIDDLE);
                for (int layer = 0; layer < CELLS.length; layer++) {
                    add(sum, colors, channel * SIDE * SIDE, width / CELLS[layer], AMPLITUDES[layer], y);
                }
            }
            for (float[] sum : sums) {
                add(sum, grays, 0, TEXTURE_PIXELS, TEXTURE, y);
                add(sum, grays, 0, width < LARGE ? 4 : 2, width < LARGE ? 9 : 21, y);
            }
            for (int x = 0; x < width; x++) {
                row[x] = sample(sums[0][x]) << 16 | sample(sums[1][x]) << 8 | sample(sums[2][x]);
            }
            picture.setRGB(0, y, width, 1, row, 0, width);
        }
        return picture;
    }

    private static float[] noise(Random random, int channels) {
        float[] noise = new float[channels * SIDE * SIDE];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat(-1, 1);
        }
        return noise;
    }

    /** Adds a row of noise whose cells have a width of {@code cell} pixels; the noise repeats. */
    private static void add(float[] sum, float[] noise, int offset, float cell, float amplitude, int y) {
        float fy = y / cell;
        int top = (int) fy;
        float below = fy - top;
        int row = offset + (top & SIDE - 1) * SIDE;
        int next = offset + (top + 1 & SIDE - 1) * SIDE;
        for (int x = 0; x < sum.length; x++) {
            float fx = x / cell;
            int left = (int) fx;
            float right = fx - left;
            int from = left & SIDE - 1;
            int to = left + 1 & SIDE - 1;
            float above = noise[row + from] * (1 - right) + noise[row + to] * right;
            float under = noise[next + from] * (1 - right) + noise[next + to] * right;
            sum[x] += amplitude * (above * (1 - below) + under * below);
        }
    }

    private static int sample(float value) {
        return Math.clamp(Math.round(value), 0, 255);
    }
}
