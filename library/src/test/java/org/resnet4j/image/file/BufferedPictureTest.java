package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.image.Image;

/** Pictures in memory against PNG files of the same pixels. */
class BufferedPictureTest {
    private static final int WIDTH = 7;
    private static final int HEIGHT = 5;

    /** Fills all samples by chance, alpha among them, as far as they have bits. */
    private static BufferedImage noise(BufferedImage picture) {
        var random = new Random(picture.getType());
        var raster = picture.getRaster();
        for (int band = 0; band < raster.getNumBands(); band++) {
            int bits = raster.getSampleModel().getSampleSize(band);
            for (int y = 0; y < raster.getHeight(); y++) {
                for (int x = 0; x < raster.getWidth(); x++) {
                    raster.setSample(x, y, band, random.nextInt(1 << bits));
                }
            }
        }
        return picture;
    }

    private static Image throughPng(BufferedImage picture) throws IOException {
        var png = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(picture, "png", png));
        return ImageDecoder.decode(png.toByteArray());
    }

    private static void assertSame(Image expected, Image actual) {
        assertEquals(3, actual.channels());
        assertEquals(0, Fixtures.difference(expected, actual));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_BGR,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_BYTE_INDEXED
            })
    void pixelsAreThoseOfAFile(int type) throws IOException {
        BufferedImage picture = noise(new BufferedImage(WIDTH, HEIGHT, type));
        assertSame(throughPng(picture), Image.of(picture));
    }

    private static BufferedImage components(int space, boolean alpha, int storage) {
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(space),
                alpha,
                false,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
                storage);
        return new BufferedImage(model, model.createCompatibleWritableRaster(WIDTH, HEIGHT), false, null);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, false, 0",
        "1000, true, 0",
        "1000, false, 1",
        "1000, true, 1",
        "1003, true, 0",
        "1003, true, 1",
    })
    void ofSixteenBitsTheUpperByteStaysAndAlphaIsDropped(int space, boolean alpha, int storage) throws IOException {
        BufferedImage picture = noise(components(space, alpha, storage));
        Image image = Image.of(picture);
        assertSame(throughPng(picture), image);
        int shift = storage == DataBuffer.TYPE_USHORT ? 8 : 0;
        assertEquals((byte) (picture.getRaster().getSample(3, 2, 0) >> shift), image.samples()[(2 * WIDTH + 3) * 3]);
    }

    /** Colors that were multiplied by alpha are divided by it again, as far as their bits tell. */
    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
    void multipliedColorsAreDividedByAlpha(int type) {
        var picture = new BufferedImage(2, 1, type);
        picture.setRGB(0, 0, 0xff102030);
        picture.setRGB(1, 0, 0x80c86432);
        Image image = Image.of(picture);
        byte[] expected = {0x10, 0x20, 0x30, (byte) 0xc8, 0x64, 0x32};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i] & 0xff, image.samples()[i] & 0xff, 1, "sample " + i);
        }
    }

    @Test
    void samplesOfFewerBitsAreSpreadOverTheWholeRange() {
        var picture = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_565_RGB);
        picture.getRaster().setPixel(0, 0, new int[] {31, 0, 31});
        picture.getRaster().setPixel(1, 0, new int[] {0, 63, 0});
        assertArrayEquals(
                new byte[] {(byte) 255, 0, (byte) 255, 0, (byte) 255, 0},
                Image.of(picture).samples());
    }

    @Test
    void samplesThatAreNoIntegersGoThroughTheColorModel() {
        BufferedImage picture = components(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_FLOAT);
        picture.getRaster().setPixel(1, 0, new float[] {1, 0.5f, 0});
        byte[] samples = Image.of(picture).samples();
        assertEquals(255, samples[3] & 0xff);
        assertEquals(128, samples[4] & 0xff, 1);
        assertEquals(0, samples[5]);
    }

    @Test
    void aPartOfAPictureHasItsOwnPixels() {
        BufferedImage whole = noise(new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB));
        Image part = Image.of(whole.getSubimage(2, 3, 4, 5));
        assertEquals(4, part.width());
        assertEquals(5, part.height());
        int color = whole.getRGB(2 + 3, 3 + 4) & 0xffffff;
        byte[] samples = part.samples();
        int at = (4 * 4 + 3) * 3;
        assertEquals(color, (samples[at] & 0xff) << 16 | (samples[at + 1] & 0xff) << 8 | samples[at + 2] & 0xff);
    }

    @Test
    void theImageIsACopy() {
        BufferedImage picture = noise(new BufferedImage(3, 3, BufferedImage.TYPE_3BYTE_BGR));
        Image image = Image.of(picture);
        byte before = image.samples()[0];
        picture.setRGB(0, 0, picture.getRGB(0, 0) ^ 0xff0000);
        assertEquals(before, image.samples()[0]);
    }
}
