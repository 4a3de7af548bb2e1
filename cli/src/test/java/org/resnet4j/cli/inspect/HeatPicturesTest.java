package org.resnet4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.Image;
import org.resnet4j.insight.HeatMap;

class HeatPicturesTest {
    private static final int SIDE = 8;

    /** Pale colors would vanish on a light picture, dark ones on a dark picture. */
    @ParameterizedTest
    @ValueSource(ints = {0, 128, 255})
    void evidenceIsRedOnPicturesOfAnyBrightness(int gray) {
        var samples = new byte[SIDE * SIDE * 3];
        Arrays.fill(samples, (byte) gray);
        var values = new float[SIDE * SIDE];
        values[0] = 1;
        Image drawn = HeatPictures.overlay(new Image(SIDE, SIDE, 3, samples), new HeatMap(SIDE, SIDE, values));

        int red = drawn.samples()[0] & 0xff;
        int green = drawn.samples()[1] & 0xff;
        int blue = drawn.samples()[2] & 0xff;
        assertTrue(red - green > 100 && red - blue > 100, red + " " + green + " " + blue);
        int last = drawn.samples().length - 3;
        assertTrue((drawn.samples()[last + 2] & 0xff) > (drawn.samples()[last] & 0xff), "no evidence is bluish");
    }

    @Test
    void scaleRunsFromBlueToRed() {
        Image scale = HeatPictures.scale();
        byte[] row = scale.samples();
        int end = 3 * (scale.width() - 1);
        assertTrue((row[2] & 0xff) > (row[0] & 0xff) && (row[end] & 0xff) > (row[end + 2] & 0xff));
    }
}
