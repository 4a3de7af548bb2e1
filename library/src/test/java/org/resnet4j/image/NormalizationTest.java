package org.resnet4j.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.resnet4j.image.file.Fixtures;

class NormalizationTest {
    @Test
    void everyBitEqualsTorchvision() throws IOException {
        var expected = ByteBuffer.wrap(Fixtures.bytes("normalization.bin")).asFloatBuffer();
        byte[] samples = new byte[3 * 256];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i / 3);
        }
        float[] actual = new float[3 * 256];
        Normalization.IMAGENET.write(new Image(1, 256, 3, samples), actual, 0);
        for (int v = 0; v < 256; v++) {
            for (int c = 0; c < 3; c++) {
                assertEquals(expected.get(c * 256 + v), actual[v * 3 + c]);
            }
        }
    }

    @Test
    void aGrayPictureFillsThreeChannelsAsItsRgbFormDoes() {
        Image gray = ResizeTest.randomImage(new Random(1), 6, 5, 1);
        assertArrayEquals(written(Normalization.IMAGENET, gray.toRgb()), written(Normalization.IMAGENET, gray));
    }

    @Test
    void aColoredPictureGivesOneChannelAsItsGrayFormDoes() {
        Image colored = ResizeTest.randomImage(new Random(1), 6, 5, 3);
        Normalization single = Normalization.uniform(1, 0.5f, 0.25f);
        assertArrayEquals(written(single, colored.toGray()), written(single, colored));
    }

    @Test
    void onlyThePicturesOwnSlotIsWritten() {
        float[] out = new float[20];
        Arrays.fill(out, 99);
        Normalization.uniform(3, 0, 1).write(new Image(2, 1, 3, new byte[6]), out, 5);
        assertEquals(99, out[4]);
        assertEquals(0, out[5]);
        assertEquals(0, out[10]);
        assertEquals(99, out[11]);
    }

    @Test
    void wrongSettingsAndTooSmallTargetsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Normalization(new float[2], new float[] {1, 1}));
        assertThrows(IllegalArgumentException.class, () -> new Normalization(new float[3], new float[] {1}));
        assertThrows(IllegalArgumentException.class, () -> Normalization.uniform(3, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Normalization.uniform(1, Float.NaN, 1));
        Image image = new Image(2, 2, 1, new byte[4]);
        assertThrows(IndexOutOfBoundsException.class, () -> Normalization.IMAGENET.write(image, new float[12], 1));
    }

    @Test
    void itIsAValueThatNobodyCanChange() {
        float[] mean = {0.5f};
        float[] std = {0.25f};
        var normalization = new Normalization(mean, std);
        mean[0] = 9;
        normalization.std()[0] = 9;
        assertEquals(Normalization.uniform(1, 0.5f, 0.25f), normalization);
        assertEquals(Normalization.uniform(1, 0.5f, 0.25f).hashCode(), normalization.hashCode());
    }

    private static float[] written(Normalization normalization, Image image) {
        float[] out = new float[image.width() * image.height() * normalization.channels()];
        normalization.write(image, out, 0);
        return out;
    }
}
