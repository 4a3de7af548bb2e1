package org.resnet4j.server.infer;

import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.insight.HeatMap;

/**
 * A drawing of a heat map to lay over the whole picture: colors that are the more opaque the stronger the evidence. Parts
 * of the picture that the network does not see are darkened.
 *
 * <p>The layer has the size of the picture after its shorter side was resized for the network, so that a pixel of the
 * network's input is a pixel of the layer. Of a picture that is longer than {@value #LONGEST} times its shorter side, the
 * layer is compressed along the longer one.
 */
final class HeatLayer {
    private static final int LONGEST = 8;

    /** The opacities without evidence, with the strongest evidence, and outside of the network's view. */
    private static final int LEAST = 16;

    private static final int MOST = 230;
    private static final int OUTSIDE = 110;

    private HeatLayer() {}

    /**
     * Draws a heat map as a PNG file.
     *
     * @param transform the preprocessing of the network
     */
    static byte[] png(HeatMap heat, EvaluationTransform transform, PictureSize picture) {
        int input = transform.inputSize();
        boolean isWhole = transform.keepMatching() && picture.width() == input && picture.height() == input;
        double scale = isWhole ? 1 : (double) transform.resizeSize() / Math.min(picture.width(), picture.height());
        double fullWidth = picture.width() * scale;
        double fullHeight = picture.height() * scale;
        int longest = LONGEST * transform.resizeSize();
        int width = Math.clamp(Math.round(fullWidth), 1, longest);
        int height = Math.clamp(Math.round(fullHeight), 1, longest);
        HeatMap map = heat.resized(input, input);
        byte[] colors = new byte[3 * width * height];
        byte[] alpha = new byte[width * height];
        for (int y = 0; y < height; y++) {
            int row = (int) Math.floor((y + 0.5) * fullHeight / height - (fullHeight - input) / 2);
            for (int x = 0; x < width; x++) {
                int column = (int) Math.floor((x + 0.5) * fullWidth / width - (fullWidth - input) / 2);
                int at = y * width + x;
                if (row < 0 || row >= input || column < 0 || column >= input) {
                    alpha[at] = OUTSIDE;
                    continue;
                }
                float value = map.at(row, column);
                int color = HeatMap.color(value);
                colors[3 * at] = (byte) (color >> 16);
                colors[3 * at + 1] = (byte) (color >> 8);
                colors[3 * at + 2] = (byte) color;
                alpha[at] = (byte) Math.round(LEAST + (MOST - LEAST) * value);
            }
        }
        return PngEncoder.encode(new Image(width, height, 3, colors), alpha);
    }
}
