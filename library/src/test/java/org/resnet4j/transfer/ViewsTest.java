package org.resnet4j.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.image.Image;
import org.resnet4j.image.Normalization;

class ViewsTest {
    private static final int SAMPLES = 23;
    private static final Augmentation MIRROR = Augmentation.of(new ImageAugmentation.HorizontalFlip(0.5));

    /** Images of two pixels by two: the left column tells the sample, the right column is white. */
    private static final class Numbered implements Dataset {
        @Override
        public int size() {
            return SAMPLES;
        }

        @Override
        public List<String> classes() {
            return List.of("one");
        }

        @Override
        public int label(int index) {
            return 0;
        }

        @Override
        public Image image(int index) {
            byte number = (byte) index;
            return new Image(2, 2, 1, new byte[] {number, -1, number, -1});
        }

        @Override
        public String origin(int index) {
            return "image " + index;
        }
    }

    /** What a loader shows, as {@code [sample, mirrored]} for each image, by batches. */
    private static List<List<String>> shown(LoaderOptions options, int epoch) throws IOException {
        var batches = new ArrayList<List<String>>();
        try (var loader =
                        DataLoader.training(new Numbered(), 2, Normalization.uniform(1, 0, 1 / 255f), MIRROR, options);
                BatchStream stream = loader.epoch(epoch)) {
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                var images = new ArrayList<String>();
                float[] pixels = batch.images().array();
                for (int i = 0; i < batch.size(); i++) {
                    int left = Math.round(pixels[4 * i]);
                    int right = Math.round(pixels[4 * i + 1]);
                    images.add(Math.min(left, right) + " " + (left > right));
                }
                batches.add(images);
            }
        }
        return batches;
    }

    private static List<List<String>> said(Views views, int epoch) {
        var batches = new ArrayList<List<String>>();
        int[] order = views.order(epoch);
        for (int batch = 0; batch < views.batches(); batch++) {
            var images = new ArrayList<String>();
            for (int place = views.start(batch); place < views.start(batch + 1); place++) {
                images.add(order[place] + " " + views.isMirrored(epoch, order[place]));
            }
            batches.add(images);
        }
        return batches;
    }

    @Test
    void orderAndMirrorAreThoseOfALoader() throws IOException {
        for (int batchSize : new int[] {1, 5, SAMPLES, 40}) {
            for (boolean dropLast : new boolean[] {true, false}) {
                var options =
                        LoaderOptions.of(batchSize).withSeed(7).withThreads(1).withDropLast(dropLast);
                var views = Views.training(SAMPLES, MIRROR, options);
                for (int epoch = 0; epoch < 3; epoch++) {
                    assertEquals(shown(options, epoch), said(views, epoch), "batches of " + batchSize);
                }
            }
        }
    }

    @Test
    void evaluationShowsEverySampleAsItIs() {
        var views = Views.evaluation(7, LoaderOptions.of(3));

        assertEquals(3, views.batches());
        assertEquals(7, views.start(3));
        assertEquals(1, views.count());
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6}, views.order(4));
        assertFalse(views.isMirrored(4, 3));
    }

    @Test
    void mirrorsAloneAreKnownByHeart() {
        assertTrue(Views.areAll(Augmentation.none()));
        assertTrue(Views.areAll(MIRROR));
        assertFalse(Views.areAll(MIRROR.with(BatchMixing.mixup(0.2))));
        for (Augmentation more : List.of(Augmentation.cifar(), Augmentation.imagenet(), Augmentation.shifted())) {
            assertFalse(Views.areAll(more), more.toString());
        }
        assertThrows(
                IllegalArgumentException.class, () -> Views.training(7, Augmentation.cifar(), LoaderOptions.of(3)));
    }

    @Test
    void noMirrorIsOneView() {
        assertEquals(
                1, Views.training(7, Augmentation.none(), LoaderOptions.of(3)).count());
        assertEquals(2, Views.training(7, MIRROR, LoaderOptions.of(3)).count());
    }
}
