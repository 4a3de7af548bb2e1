package org.resnet4j.dataset.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.resnet4j.image.Image;

class ColorAdjustmentTest {
    /** A result of color_adjustment.py. */
    private record Reference(String operation, double factor, Image result) {
        static Reference parse(String line) {
            String[] parts = line.split(" ");
            int width = Integer.parseInt(parts[2]);
            int height = Integer.parseInt(parts[3]);
            var image = new Image(width, height, 3, HexFormat.of().parseHex(parts[4]));
            return new Reference(parts[0], Double.parseDouble(parts[1]), image);
        }
    }

    private static List<Reference> references() throws IOException {
        try (InputStream in = ColorAdjustmentTest.class.getResourceAsStream("/dataset/color-adjustment.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines().map(Reference::parse).toList();
        }
    }

    @Test
    void everyAdjustmentGivesPillowsBytes() throws IOException {
        List<Reference> references = references();
        Image picture = references.getFirst().result();
        assertEquals(26, references.size());
        for (Reference reference : references) {
            float factor = (float) reference.factor();
            Image result = switch (reference.operation()) {
                case "none" -> picture;
                case "brightness" -> ColorAdjustment.brightness(picture, factor);
                case "contrast" -> ColorAdjustment.contrast(picture, factor);
                case "saturation" -> ColorAdjustment.saturation(picture, factor);
                case "hue" -> ColorAdjustment.hue(picture, reference.factor());
                default -> throw new IllegalStateException(reference.operation());
            };
            assertArrayEquals(
                    reference.result().samples(), result.samples(), reference.operation() + " " + reference.factor());
        }
    }

    @Test
    void grayPicturesHaveNoSaturationAndNoHue() {
        var gray = new Image(2, 1, 1, new byte[] {10, 100});
        assertSame(gray, ColorAdjustment.saturation(gray, 2));
        assertSame(gray, ColorAdjustment.hue(gray, 0.3));
        assertArrayEquals(
                new byte[] {20, (byte) 200}, ColorAdjustment.brightness(gray, 2).samples());
        assertArrayEquals(
                new byte[] {32, 77}, ColorAdjustment.contrast(gray, 0.5f).samples());
    }
}
