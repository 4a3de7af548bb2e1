package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.resnet4j.image.Image;
import org.resnet4j.image.ResizeTest;

class PngEncoderTest {
    @Test
    void ourReaderGivesTheSamePixelsBack() throws IOException {
        var random = new Random(2);
        for (int channels : new int[] {1, 3}) {
            for (int size = 1; size < 40; size += 6) {
                Image image = ResizeTest.randomImage(random, size, 41 - size, channels);
                Image back = ImageDecoder.decode(PngEncoder.encode(image), "png");
                assertEquals(0, Fixtures.difference(image.toRgb(), back));
            }
        }
    }

    @Test
    void otherReadersAgree() throws IOException {
        Image image = ResizeTest.randomImage(new Random(2), 7, 5, 3);
        var read = ImageIO.read(new ByteArrayInputStream(PngEncoder.encode(image)));
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
                int at = (y * 7 + x) * 3;
                byte[] s = image.samples();
                int rgb = (s[at] & 0xff) << 16 | (s[at + 1] & 0xff) << 8 | s[at + 2] & 0xff;
                assertEquals(rgb, read.getRGB(x, y) & 0xffffff);
            }
        }
    }

    @Test
    void otherReadersFindTheOpacities() throws IOException {
        Image image = ResizeTest.randomImage(new Random(3), 7, 5, 3);
        byte[] alpha = new byte[35];
        new Random(4).nextBytes(alpha);
        var read = ImageIO.read(new ByteArrayInputStream(PngEncoder.encode(image, alpha)));
        for (int i = 0; i < alpha.length; i++) {
            byte[] s = image.samples();
            int argb = (alpha[i] & 0xff) << 24
                    | (s[3 * i] & 0xff) << 16
                    | (s[3 * i + 1] & 0xff) << 8
                    | s[3 * i + 2] & 0xff;
            assertEquals(argb, read.getRGB(i % 7, i / 7));
        }
        assertThrows(IllegalArgumentException.class, () -> PngEncoder.encode(image, new byte[34]));
        Image gray = new Image(7, 5, 1, new byte[35]);
        assertThrows(IllegalArgumentException.class, () -> PngEncoder.encode(gray, alpha));
    }
}
