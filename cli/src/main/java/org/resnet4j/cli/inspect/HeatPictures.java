package org.resnet4j.cli.inspect;

import org.resnet4j.image.Image;
import org.resnet4j.insight.HeatMap;
import org.resnet4j.tensor.Tensor;

/** Rendering of heat maps and feature maps as images. */
final class HeatPictures {
    /** The color scale from minimum to maximum: dark violet, red, orange, pale yellow, of increasing lightness. */
    private static final int[][] COLORS = {
        {40, 11, 84}, {101, 21, 110}, {159, 42, 99}, {212, 72, 66}, {245, 125, 21}, {250, 193, 39}, {252, 255, 164}
    };

    /** The opacity of the heat map at its maximum. */
    private static final double COVER = 0.72;

    private HeatPictures() {}

    /** Returns the picture with the heat map on top. */
    static Image overlay(Image picture, HeatMap heat) {
        int width = picture.width();
        int height = picture.height();
        HeatMap map = heat.resized(height, width);
        var samples = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            float value = map.values()[i];
            double cover = COVER * value;
            for (int c = 0; c < 3; c++) {
                int below = picture.samples()[i * picture.channels() + Math.min(c, picture.channels() - 1)] & 0xff;
                samples[i * 3 + c] = (byte) Math.round((1 - cover) * below + cover * color(value, c));
            }
        }
        return new Image(width, height, 3, samples);
    }

    private static double color(float value, int channel) {
        double place = value * (COLORS.length - 1);
        int below = Math.min(COLORS.length - 2, (int) place);
        return COLORS[below][channel] + (place - below) * (COLORS[below + 1][channel] - COLORS[below][channel]);
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
