package org.resnet4j.dataset.source;

import org.resnet4j.image.Image;
import org.resnet4j.support.SeededRandom;

/**
 * A painter of one picture of a figure. The kind of figure determines the class. Color, position, size, stretch,
 * rotation, filling, background, clutter, occluding bar and noise are random and independent of the class.
 *
 * <p>Coordinates run from -1 to 1 in both directions. For a single use by one thread.
 */
final class SyntheticPainter {
    private static final int CHANNELS = 3;

    private final int size;
    private final float pixel;
    private final SeededRandom random;
    private final float[] canvas;
    private final float[] background = new float[CHANNELS];

    SyntheticPainter(int size, SeededRandom random) {
        this.size = size;
        this.pixel = 2f / size;
        this.random = random;
        this.canvas = new float[size * size * CHANNELS];
    }

    Image paint(SyntheticShape shape) {
        paintBackground();
        int clutter = 1 + random.nextInt(3);
        for (int i = 0; i < clutter; i++) {
            paintClutter();
        }
        paintFigure(shape);
        if (random.nextChance(0.25)) {
            paintBar();
        }
        return new Image(size, size, CHANNELS, withNoise());
    }

    private float uniform(double from, double to) {
        return (float) random.nextDouble(from, to);
    }

    private float[] color() {
        return new float[] {uniform(0, 255), uniform(0, 255), uniform(0, 255)};
    }

    /** Returns a color that is clearly lighter or darker than the background. */
    private float[] contrastingColor() {
        while (true) {
            float[] color = color();
            float difference = 0;
            for (int c = 0; c < CHANNELS; c++) {
                difference += color[c] - background[c];
            }
            if (Math.abs(difference) > 150) {
                return color;
            }
        }
    }

    /** Paints a color gradient with a plane wave. */
    private void paintBackground() {
        float[] slopeX = new float[CHANNELS];
        float[] slopeY = new float[CHANNELS];
        float[] wave = new float[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            background[c] = uniform(30, 225);
            slopeX[c] = uniform(-30, 30);
            slopeY[c] = uniform(-30, 30);
            wave[c] = uniform(-15, 15);
        }
        double frequencyX = random.nextDouble(-12, 12);
        double frequencyY = random.nextDouble(-12, 12);
        double[] waveX = waves(frequencyX, random.nextDouble(0, 2 * Math.PI));
        double[] waveY = waves(frequencyY, 0);
        for (int row = 0, at = 0; row < size; row++) {
            float y = coordinate(row);
            for (int column = 0; column < size; column++) {
                float x = coordinate(column);
                float crest = (float) (waveX[2 * column] * waveY[2 * row + 1] + waveX[2 * column + 1] * waveY[2 * row]);
                for (int c = 0; c < CHANNELS; c++, at++) {
                    canvas[at] = background[c] + slopeX[c] * x + slopeY[c] * y + wave[c] * crest;
                }
            }
        }
    }

    /** Returns sine and cosine of {@code frequency * coordinate + phase} along an axis, by the addition theorem. */
    private double[] waves(double frequency, double phase) {
        double[] values = new double[2 * size];
        double start = phase + frequency * coordinate(0);
        double sine = StrictMath.sin(start);
        double cosine = StrictMath.cos(start);
        double stepSine = StrictMath.sin(frequency * pixel);
        double stepCosine = StrictMath.cos(frequency * pixel);
        for (int i = 0; i < size; i++) {
            values[2 * i] = sine;
            values[2 * i + 1] = cosine;
            double turned = sine * stepCosine + cosine * stepSine;
            cosine = cosine * stepCosine - sine * stepSine;
            sine = turned;
        }
        return values;
    }

    private float coordinate(int index) {
        return (index + 0.5f) * pixel - 1;
    }

    private void paintFigure(SyntheticShape shape) {
        float scale = uniform(0.5, 0.85);
        float reach = Math.max(0, 0.95f - scale * 0.9f);
        var placement = new Placement(
                uniform(-reach, reach),
                uniform(-reach, reach),
                scale,
                random.nextDouble(-0.4, 0.4),
                uniform(0.8, 1.25));
        float[] color = contrastingColor();
        float[] second = random.nextChance(0.25) ? contrastingColor() : color;
        float stripe = uniform(2, 7);
        fill(shape, placement, color, second, stripe, uniform(0.8, 1));
    }

    /** Paints a small figure or dash of any kind, too small to be mistaken for the figure. */
    private void paintClutter() {
        float x = uniform(-1, 1);
        float y = uniform(-1, 1);
        double turn = random.nextDouble(0, 2 * Math.PI);
        float[] color = color();
        var kinds = SyntheticShape.values();
        if (random.nextChance(0.5)) {
            fill(
                    kinds[random.nextInt(kinds.length)],
                    new Placement(x, y, uniform(0.1, 0.2), turn, 1),
                    color,
                    color,
                    0,
                    0.9f);
        } else {
            fill(
                    SyntheticShape.SQUARE,
                    new Placement(x, y, uniform(0.06, 0.12), turn, uniform(3, 6)),
                    color,
                    color,
                    0,
                    0.9f);
        }
    }

    /** Paints a bar from edge to edge, over the figure. */
    private void paintBar() {
        double angle = random.nextDouble(0, Math.PI);
        float normalX = (float) StrictMath.cos(angle);
        float normalY = (float) StrictMath.sin(angle);
        float shift = uniform(-0.6, 0.6);
        float half = uniform(0.04, 0.1);
        float[] color = color();
        for (int row = 0, at = 0; row < size; row++) {
            float y = coordinate(row);
            for (int column = 0; column < size; column++, at += CHANNELS) {
                float distance = Math.abs(normalX * coordinate(column) + normalY * y - shift) - half;
                float coverage = Math.clamp(0.5f - distance / pixel, 0, 1);
                if (coverage > 0) {
                    blend(at, color, coverage);
                }
            }
        }
    }

    private void fill(
            SyntheticShape shape, Placement placement, float[] color, float[] second, float stripe, float opacity) {
        float reach = placement.reach();
        int fromRow = index(placement.y - reach);
        int toRow = index(placement.y + reach) + 1;
        int fromColumn = index(placement.x - reach);
        int toColumn = index(placement.x + reach) + 1;
        float sharpness = placement.scale / pixel;
        for (int row = fromRow; row < toRow; row++) {
            float dy = coordinate(row) - placement.y;
            for (int column = fromColumn; column < toColumn; column++) {
                float dx = coordinate(column) - placement.x;
                float u = placement.uFromX * dx + placement.uFromY * dy;
                float v = placement.vFromX * dx + placement.vFromY * dy;
                float coverage = Math.clamp(0.5f - shape.distance(u, v) * sharpness, 0, 1) * opacity;
                if (coverage > 0) {
                    float phase = v * stripe;
                    boolean odd = phase - (float) Math.floor(phase) > 0.5f;
                    blend((row * size + column) * CHANNELS, odd ? second : color, coverage);
                }
            }
        }
    }

    private int index(float coordinate) {
        return Math.clamp((int) ((coordinate + 1) / pixel), 0, size - 1);
    }

    private void blend(int at, float[] color, float coverage) {
        for (int c = 0; c < CHANNELS; c++) {
            canvas[at + c] += coverage * (color[c] - canvas[at + c]);
        }
    }

    /** Returns the canvas as bytes; the noise is the sum of two uniform random numbers of eight bits each. */
    private byte[] withNoise() {
        float amplitude = uniform(3, 10) / 128;
        byte[] samples = new byte[canvas.length];
        long bits = 0;
        for (int i = 0; i < samples.length; i++) {
            if ((i & 3) == 0) {
                bits = random.nextLong();
            }
            int sum = (int) (bits & 0xff) + (int) (bits >>> 8 & 0xff) - 255;
            bits >>>= 16;
            samples[i] = (byte) Math.clamp((int) (canvas[i] + amplitude * sum + 0.5f), 0, 255);
        }
        return samples;
    }

    /** The position and rotation of a figure, and the transform from the picture to its own coordinates. */
    private static final class Placement {
        private final float x;
        private final float y;
        private final float scale;
        private final float stretch;
        private final float uFromX;
        private final float uFromY;
        private final float vFromX;
        private final float vFromY;

        /**
         * Computes the transform.
         *
         * @param stretch the factor by which the figure is longer along its first axis
         */
        Placement(float x, float y, float scale, double turn, float stretch) {
            this.x = x;
            this.y = y;
            this.scale = scale;
            this.stretch = stretch;
            float cosine = (float) StrictMath.cos(turn);
            float sine = (float) StrictMath.sin(turn);
            uFromX = cosine / (scale * stretch);
            uFromY = sine / (scale * stretch);
            vFromX = -sine / scale;
            vFromY = cosine / scale;
        }

        /** Returns the maximum distance of a point of the figure from its center, along either axis of the picture. */
        float reach() {
            return scale * Math.max(1, stretch) * 1.25f;
        }
    }
}
