package org.resnet4j.server.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.insight.HeatMap;

class HeatLayerTest {
    private static final int OUTSIDE = 110 << 24;

    private static EvaluationTransform transform(int resize, int input) {
        return new EvaluationTransform(resize, input, Interpolation.BILINEAR, Normalization.IMAGENET, false);
    }

    private static BufferedImage draw(EvaluationTransform transform, int width, int height) throws IOException {
        var heat = new HeatMap(1, 1, new float[] {1});
        return ImageIO.read(new ByteArrayInputStream(HeatLayer.png(heat, transform, new PictureSize(width, height))));
    }

    /** The layer has the ratio of the picture, and the view of the network is the square in its center. */
    @ParameterizedTest
    @CsvSource({
        "20,16, 60,40, 30,20, 7,2",
        "20,16, 40,60, 20,30, 2,7",
        "16,16, 40,40, 16,16, 0,0",
        "16,16, 8,8, 16,16, 0,0",
        "20,16, 1000,10, 160,20, 79,2"
    })
    void theViewIsInTheCenter(
            int resize, int input, int width, int height, int layerWidth, int layerHeight, int left, int top)
            throws IOException {
        BufferedImage layer = draw(transform(resize, input), width, height);
        assertEquals(layerWidth, layer.getWidth());
        assertEquals(layerHeight, layer.getHeight());
        for (int y = 0; y < layerHeight; y++) {
            for (int x = 0; x < layerWidth; x++) {
                boolean isSeen = y >= top && y < layerHeight - top && x >= left && x < layerWidth - left;
                assertEquals(isSeen ? 230 << 24 | 0xd7191c : OUTSIDE, layer.getRGB(x, y), x + ", " + y);
            }
        }
    }

    @Test
    void aPictureOfTheInputSizeIsSeenWhole() throws IOException {
        BufferedImage layer = draw(transform(20, 16).keepingMatching(), 16, 16);
        assertEquals(16, layer.getWidth());
        assertEquals(230, layer.getRGB(0, 0) >>> 24);
    }

    @Test
    void colorsAreInTheirPlaces() throws IOException {
        var heat = new HeatMap(2, 2, new float[] {0, 1, 0, 0});
        BufferedImage layer =
                ImageIO.read(new ByteArrayInputStream(HeatLayer.png(heat, transform(16, 16), new PictureSize(16, 16))));
        assertEquals(230 << 24 | 0xd7191c, layer.getRGB(15, 0));
        assertEquals(16 << 24 | 0x303cb4, layer.getRGB(0, 0));
        assertEquals(16 << 24 | 0x303cb4, layer.getRGB(0, 15));
    }
}
