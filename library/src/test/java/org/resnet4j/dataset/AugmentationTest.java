package org.resnet4j.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.resnet4j.dataset.augment.AugmentingWriter;
import org.resnet4j.dataset.augment.BatchMixer;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;
import org.resnet4j.support.SeededRandom;

class AugmentationTest {
    /** Writes the sample values themselves. */
    private static final Normalization IDENTITY = Normalization.uniform(1, 0, 1 / 255f);

    private static Image ramp(int width, int height) {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i + 1);
        }
        return new Image(width, height, 1, samples);
    }

    private static float[] write(Augmentation augmentation, Image image, int size, int epoch, int index) {
        float[] out = new float[size * size + 2];
        try {
            new AugmentingWriter(augmentation, size, IDENTITY, 5).write(Picture.of(image), epoch, index, out, 1);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        assertEquals(0, out[0]);
        assertEquals(0, out[out.length - 1]);
        float[] written = Arrays.copyOfRange(out, 1, out.length - 1);
        for (int i = 0; i < written.length; i++) {
            written[i] = Math.round(written[i]);
        }
        return written;
    }

    @Test
    void padAndCropShiftsByUpToThePaddingAndFillsWithBlack() {
        Image image = ramp(5, 5);
        var seen = new HashSet<String>();
        for (int index = 0; index < 500; index++) {
            float[] out = write(Augmentation.of(new ImageAugmentation.PadAndCrop(2)), image, 5, 0, index);
            String found = "";
            for (int dy = -2; dy <= 2; dy++) {
                for (int dx = -2; dx <= 2; dx++) {
                    if (Arrays.equals(out, shifted(dx, dy))) {
                        found = dx + "," + dy;
                    }
                }
            }
            assertFalse(found.isEmpty(), Arrays.toString(out));
            seen.add(found);
        }
        assertEquals(25, seen.size());
    }

    private static float[] shifted(int dx, int dy) {
        float[] result = new float[25];
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 5; x++) {
                int fromX = x + dx;
                int fromY = y + dy;
                boolean inside = fromX >= 0 && fromX < 5 && fromY >= 0 && fromY < 5;
                result[y * 5 + x] = inside ? fromY * 5 + fromX + 1 : 0;
            }
        }
        return result;
    }

    @Test
    void aPaddingLargerThanTheImageIsAllowed() {
        var allBlack = 0;
        for (int index = 0; index < 100; index++) {
            float[] out = write(Augmentation.of(new ImageAugmentation.PadAndCrop(9)), ramp(4, 4), 4, 0, index);
            allBlack += Arrays.equals(out, new float[16]) ? 1 : 0;
        }
        assertTrue(allBlack > 50 && allBlack < 100, allBlack + " of 100 shifted out of sight");
    }

    @Test
    void theFlipMirrorsInHalfOfTheCases() {
        Image image = new Image(2, 2, 1, new byte[] {1, 2, 3, 4});
        int mirrored = 0;
        for (int index = 0; index < 1000; index++) {
            float[] out = write(Augmentation.of(new ImageAugmentation.HorizontalFlip(0.5)), image, 2, 0, index);
            if (out[0] == 2) {
                assertArrayEquals(new float[] {2, 1, 4, 3}, out);
                mirrored++;
            } else {
                assertArrayEquals(new float[] {1, 2, 3, 4}, out);
            }
        }
        assertTrue(mirrored > 440 && mirrored < 560, mirrored + " of 1000");
    }

    @Test
    void aSampleDependsOnSeedEpochAndIndexAlone() {
        Image image = ramp(12, 9);
        Augmentation augmentation = Augmentation.imagenet()
                .with(new ImageAugmentation.ColorJitter(0.4, 0.4, 0.4, 0.1))
                .with(ImageAugmentation.RandomErasing.defaults());
        float[] first = write(augmentation, image, 6, 3, 17);
        write(augmentation, image, 6, 4, 17);
        assertArrayEquals(first, write(augmentation, image, 6, 3, 17));
        assertFalse(Arrays.equals(first, write(augmentation, image, 6, 4, 17)));
        assertFalse(Arrays.equals(first, write(augmentation, image, 6, 3, 18)));
    }

    @Test
    void aCodedPictureGivesThePixelsOfTheDecodedOne() throws IOException {
        byte[] file;
        try (InputStream in = Objects.requireNonNull(Augmentation.class.getResourceAsStream("/image/parts/422.jpg"))) {
            file = in.readAllBytes();
        }
        Picture decoded = Picture.of(ImageDecoder.decode(file, "422"));
        for (var normalization : new Normalization[] {IDENTITY, Normalization.IMAGENET}) {
            // 60 pixels of at most 107x75: no reduction.
            var writer = new AugmentingWriter(Augmentation.imagenet(), 60, normalization, 5);
            float[] expected = new float[60 * 60 * normalization.channels()];
            float[] actual = new float[expected.length];
            for (int index = 0; index < 100; index++) {
                writer.write(decoded, 0, index, expected, 0);
                writer.write(ImageDecoder.open(file, "422"), 0, index, actual, 0);
                assertArrayEquals(expected, actual);
            }
        }
    }

    @Test
    void aRandomResizedCropStaysWithinItsRanges() {
        // The samples of the picture encode the column, and after nearest resizing so does each output.
        byte[] columns = new byte[200 * 100];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = (byte) (i % 200);
        }
        Image image = new Image(200, 100, 1, columns);
        var crop = new ImageAugmentation.RandomResizedCrop(0.1, 0.4, 0.5, 2, Interpolation.NEAREST);
        double least = 200;
        double most = 0;
        for (int index = 0; index < 300; index++) {
            float[] out = write(Augmentation.of(crop), image, 50, 0, index);
            double width = (out[49] - out[0]) * 50 / 49;
            least = Math.min(least, width);
            most = Math.max(most, width);
        }
        // sqrt(0.1 * 20000 * 0.5) = 32 and sqrt(0.4 * 20000 * 2) = 126
        assertTrue(least > 30 && least < 40, "least width " + least);
        assertTrue(most > 110 && most < 128, "largest width " + most);
    }

    @Test
    void aRandomResizedCropThatNeverFitsTakesTheMiddle() {
        Image image = ramp(16, 1);
        var crop = new ImageAugmentation.RandomResizedCrop(1, 1, 0.5, 2, Interpolation.NEAREST);
        float[] out = write(Augmentation.of(crop), image, 2, 0, 0);
        assertArrayEquals(new float[] {8, 9, 8, 9}, out);
    }

    @Test
    void randomErasingPutsTheMeanIntoOneRectangle() {
        byte[] bright = new byte[20 * 20];
        Arrays.fill(bright, (byte) 200);
        Image image = new Image(20, 20, 1, bright);
        var erasing =
                new ImageAugmentation.RandomErasing(1, 0.1, 0.3, 0.5, 2, ImageAugmentation.RandomErasing.Fill.MEAN);
        for (int index = 0; index < 100; index++) {
            float[] out = write(Augmentation.of(erasing), image, 20, 0, index);
            int left = 20;
            int right = -1;
            int top = 20;
            int bottom = -1;
            int erased = 0;
            for (int i = 0; i < out.length; i++) {
                if (out[i] == 0) {
                    erased++;
                    left = Math.min(left, i % 20);
                    right = Math.max(right, i % 20);
                    top = Math.min(top, i / 20);
                    bottom = Math.max(bottom, i / 20);
                }
            }
            assertEquals((right - left + 1) * (bottom - top + 1), erased);
            assertTrue(erased >= 0.08 * 400 && erased <= 0.34 * 400, erased + " pixels");
        }
    }

    @Test
    void otherSizesAreFittedToTheNetworks() {
        Image wide = ramp(30, 10);
        for (Augmentation augmentation : new Augmentation[] {Augmentation.none(), Augmentation.cifar()}) {
            assertEquals(64, write(augmentation, wide, 8, 0, 0).length);
        }
        // Only the center: 10x10 pixels from column 10.
        float[] out = write(Augmentation.none(), wide, 10, 0, 0);
        assertEquals(11, out[0]);
        assertEquals(20, out[9]);
    }

    @Test
    void mixupBlendsImagesAndTargetsAlike() {
        var mixer = new BatchMixer(BatchMixing.mixup(1), 3);
        for (int batch = 0; batch < 50; batch++) {
            float[] images = {1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4};
            float[] targets = {1, 0, 0, 0, 1, 0, 0, 0, 1};
            mixer.mix(images, targets, new BatchMixer.Rows(0, 3, 4, 3), 2, 0, batch);
            float own = targets[0];
            assertTrue(own >= 0 && own <= 1);
            assertArrayEquals(new float[] {own, 0, 1 - own, 1 - own, own, 0, 0, 1 - own, own}, targets, 1e-6f);
            assertEquals(own + (1 - own) * 4, images[0], 1e-6f);
            assertEquals(2 * own + (1 - own), images[5], 1e-6f);
            assertEquals(4 * own + (1 - own) * 2, images[11], 1e-6f);
        }
    }

    @Test
    void cutmixPastesARectangleAndWeighsTheTargetsByItsArea() {
        var mixer = new BatchMixer(BatchMixing.cutmix(1), 3);
        int changed = 0;
        for (int batch = 0; batch < 50; batch++) {
            float[] images = new float[2 * 64];
            Arrays.fill(images, 0, 64, 1);
            Arrays.fill(images, 64, 128, 2);
            float[] targets = {1, 0, 0, 1};
            mixer.mix(images, targets, new BatchMixer.Rows(0, 2, 64, 2), 8, 0, batch);
            int pasted = 0;
            for (int i = 0; i < 64; i++) {
                assertEquals(3, images[i] + images[64 + i]);
                pasted += images[i] == 2 ? 1 : 0;
            }
            float own = 1 - pasted / 64f;
            assertArrayEquals(new float[] {own, 1 - own, 1 - own, own}, targets, 1e-6f);
            changed += pasted > 0 ? 1 : 0;
        }
        assertTrue(changed > 30, changed + " of 50 batches cut");
    }

    @Test
    void mixingDependsOnSeedEpochAndBatchAlone() {
        var mixer = new BatchMixer(new BatchMixing(0.2, 1, 0.8), 3);
        float[][] results = new float[4][];
        int[][] calls = {{1, 2}, {1, 2}, {1, 3}, {2, 2}};
        for (int call = 0; call < calls.length; call++) {
            results[call] = new float[] {1, 2, 3, 4, 5, 6, 7, 8};
            mixer.mix(
                    results[call],
                    new float[] {1, 0, 0, 1},
                    new BatchMixer.Rows(0, 2, 4, 2),
                    2,
                    calls[call][0],
                    calls[call][1]);
        }
        assertArrayEquals(results[0], results[1]);
        assertFalse(Arrays.equals(results[0], results[2]) && Arrays.equals(results[0], results[3]));
    }

    @Test
    void anAlphaTooSmallToDrawFromIsRefused() {
        for (double alpha : new double[] {1e-300, Double.MIN_VALUE, 0.0009}) {
            assertThrows(IllegalArgumentException.class, () -> BatchMixing.mixup(alpha));
            assertThrows(IllegalArgumentException.class, () -> BatchMixing.cutmix(alpha));
        }
        assertEquals(0, new BatchMixing(BatchMixing.MIN_ALPHA, 0, 1).cutmixAlpha());
    }

    @Test
    void betaHasTheRightMeanAndSpread() {
        for (double alpha : new double[] {BatchMixing.MIN_ALPHA, 0.2, 1, 2, BatchMixing.MAX_ALPHA}) {
            var random = SeededRandom.of(1, SeededRandom.Purpose.MIXING, 0, (long) (alpha * 10));
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < 20_000; i++) {
                double value = random.nextBeta(alpha);
                sum += value;
                squares += (value - 0.5) * (value - 0.5);
            }
            assertEquals(0.5, sum / 20_000, 0.01);
            assertEquals(1 / (4 * (2 * alpha + 1)), squares / 20_000, 0.005);
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedWithTheValue() {
        String message = assertThrows(IllegalArgumentException.class, () -> new ImageAugmentation.HorizontalFlip(1.5))
                .getMessage();
        assertTrue(message.contains("1.5"), message);
        assertThrows(IllegalArgumentException.class, () -> new ImageAugmentation.PadAndCrop(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ImageAugmentation.RandomResizedCrop(0, 1, 1, 1, Interpolation.BILINEAR));
        assertThrows(IllegalArgumentException.class, () -> new ImageAugmentation.ColorJitter(0, 0, 0, 0.6));
        assertThrows(IllegalArgumentException.class, () -> BatchMixing.mixup(0));
        assertThrows(IllegalArgumentException.class, () -> new BatchMixing(Double.NaN, 1, 1));
    }
}
