package org.resnet4j.cli.inspect;

import org.resnet4j.image.Image;
import org.resnet4j.insight.HeatMap;
import org.resnet4j.tensor.Tensor;

/** Rendering of heat maps and feature maps as images. */
final class HeatPictures {
    /** The opacity of the heat map where there is no evidence, and at its maximum. */
    private static final double LEAST_COVER = 0.25;

    private static final double COVER = 0.7;

    /** The weights of the colors in the brightness of a pixel (ITU-R BT.601). */
    private static final double[] BRIGHTNESS = {0.299, 0.587, 0.114};

    private static final int SCALE_WIDTH = 256;
    private static final int SCALE_HEIGHT = 24;

    private HeatPictures() {}

    /** Returns the color scale, from no evidence on the left to the strongest evidence on the right. */
    static Image scale() {
        var samples = new byte[SCALE_WIDTH * SCALE_HEIGHT * 3];
        for (int i = 0; i < samples.length; i++) {
            float value = (float) (i / 3 % SCALE_WIDTH) / (SCALE_WIDTH - 1);
            samples[i] = (byte) color(value, i % 3);
        }
        return new Image(SCALE_WIDTH, SCALE_HEIGHT, 3, samples);
    }

    /** Returns the picture in gray with the heat map on top, so that its colors are those of the map alone. */
    static Image overlay(Image picture, HeatMap heat) {
        int width = picture.width();
        int height = picture.height();
        HeatMap map = heat.resized(height, width);
        var samples = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            float value = map.values()[i];
            double cover = LEAST_COVER + (COVER - LEAST_COVER) * value;
            double below = brightness(picture, i);
            for (int c = 0; c < 3; c++) {
                samples[i * 3 + c] = (byte) Math.round((1 - cover) * below + cover * color(value, c));
            }
        }
        return new Image(width, height, 3, samples);
    }

    private static double brightness(Image picture, int pixel) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
            int channel = Math.min(c, picture.channels() - 1);
            sum += BRIGHTNESS[c] * (picture.samples()[pixel * picture.channels() + channel] & 0xff);
        }
        return sum;
    }

    private static int color(float value, int channel) {
        return HeatMap.color(value) >> 8 * (2 - channel) & 0xff;
    }

    /** Returns one channel of feature maps {@code [1, H, W, C]}, scaled from black (minimum) to white (maximum). */
    static Image channel(Tensor maps, int channel) {
        int height = maps.shape().extent(1);
        int width = maps.shape().extent(2);
        int channels = maps.shape().extent(3);
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = channel; i < maps.size(); i += channels) {
            least = Math.min(least, maps.array()[i]);
            most = Math.max(most, maps.array()[i]);
        }
        float range = most > least ? most - least : 1;
        var samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) Math.round(255 * (maps.array()[i * channels + channel] - least) / range);
        }
        return new Image(width, height, 1, samples);
    }
}
