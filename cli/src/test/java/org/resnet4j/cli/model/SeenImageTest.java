package org.resnet4j.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

class SeenImageTest {
    private static final int WIDTH = 2000;
    private static final int HEIGHT = 1500;

    private final Model model = new Model(
            ResNet.create(ResNets.named("resnet20").withClasses(2), 1),
            List.of("cat", "dog"),
            new EvaluationTransform(36, 32, Interpolation.BILINEAR, Normalization.IMAGENET, false));

    private static byte[] photograph() throws IOException {
        var picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        var graphics = picture.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, Color.RED, WIDTH, HEIGHT, Color.CYAN));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.dispose();
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            picture.setRGB(random.nextInt(WIDTH), random.nextInt(HEIGHT), random.nextInt());
        }
        var file = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpg", file);
        return file.toByteArray();
    }

    @Test
    void aPictureOfAReportIsDecodedAtAReducedSizeAndLooksTheSame() throws IOException {
        byte[] file = photograph();
        Image exact = SeenImage.of(model, ImageDecoder.open(file, "x")).image();
        Image shown = SeenImage.scaled(model, ImageDecoder.open(file, "x")).image();
        assertEquals(exact.width(), shown.width());
        assertEquals(exact.height(), shown.height());
        for (int i = 0; i < exact.samples().length; i++) {
            int difference = (exact.samples()[i] & 0xff) - (shown.samples()[i] & 0xff);
            assertTrue(Math.abs(difference) <= 8, "sample " + i + " differs by " + difference);
        }
        Image reduced = ImageDecoder.open(file, "x").prepare(model.transform(), true);
        assertArrayEquals(reduced.samples(), shown.samples());
        assertFalse(Arrays.equals(reduced.samples(), exact.samples()), "it is decoded at full size");
    }

    @Test
    void anExplainedPictureIsTheOneThatIsPredicted() throws IOException {
        byte[] file = photograph();
        Image expected = model.transform().apply(ImageDecoder.decode(file, "x"));
        assertArrayEquals(
                expected.samples(),
                SeenImage.of(model, ImageDecoder.open(file, "x")).image().samples());
    }
}
