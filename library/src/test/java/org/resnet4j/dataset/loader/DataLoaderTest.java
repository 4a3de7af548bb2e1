package org.resnet4j.dataset.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.dataset.source.TestPictures;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.tensor.Shape;

@Timeout(60)
class DataLoaderTest {
    private static final Normalization PLAIN = Normalization.uniform(3, 0.5f, 0.25f);
    private static final Augmentation BUSY = Augmentation.cifar()
            .with(ImageAugmentation.RandomErasing.defaults())
            .with(new BatchMixing(0.4, 1, 0.7));
    private static final EvaluationTransform AS_IT_IS =
            new EvaluationTransform(4, 4, Interpolation.BILINEAR, Normalization.uniform(1, 0, 1 / 255f), true);

    /** A copy of the contents of a batch. */
    private record Kept(int number, float[] images, int[] labels, float[] targets) {
        static Kept of(BatchStream stream, Batch batch) {
            return new Kept(
                    stream.batchIndex(),
                    Arrays.copyOf(batch.images().array(), batch.images().size()),
                    batch.labels().clone(),
                    Arrays.copyOf(batch.targets().array(), batch.targets().size()));
        }

        int[] indices() {
            int[] indices = new int[labels.length];
            Arrays.setAll(indices, i -> Math.round(images[16 * i]));
            return indices;
        }
    }

    private static List<Kept> keep(BatchStream stream) throws IOException {
        var kept = new ArrayList<Kept>();
        for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
            kept.add(Kept.of(stream, batch));
        }
        return kept;
    }

    private static void assertSameBatches(List<Kept> expected, List<Kept> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).number(), actual.get(i).number());
            assertArrayEquals(expected.get(i).images(), actual.get(i).images());
            assertArrayEquals(expected.get(i).labels(), actual.get(i).labels());
            assertArrayEquals(expected.get(i).targets(), actual.get(i).targets());
        }
    }

    private static DataLoader synthetic(int threads, int prefetch) throws IOException {
        DatasetOptions source = DatasetOptions.defaults(Path.of("cache"))
                .withSynthetic(new SyntheticSize(32, 210, 1))
                .withSeed(1);
        Dataset dataset = Datasets.open(Datasets.SYNTHETIC, source).train();
        LoaderOptions options =
                LoaderOptions.of(20).withThreads(threads).withPrefetch(prefetch).withSeed(9);
        return DataLoader.training(dataset, 32, PLAIN, BUSY, options);
    }

    @Test
    void batchesAreTheSameWhateverTheNumberOfThreads() throws IOException {
        List<Kept> expected;
        try (DataLoader loader = synthetic(1, 1)) {
            expected = keep(loader.epoch(2));
            assertEquals(10, expected.size());
        }
        for (int threads : new int[] {2, 4}) {
            try (DataLoader loader = synthetic(threads, 3)) {
                keep(loader.epoch(1));
                assertSameBatches(expected, keep(loader.epoch(2)));
            }
        }
    }

    @Test
    void goingOnInTheMiddleOfAnEpochGivesTheSameBatches() throws IOException {
        try (DataLoader loader = synthetic(2, 4)) {
            List<Kept> whole = keep(loader.epoch(5));
            assertSameBatches(whole.subList(7, 10), keep(loader.epoch(5, 7)));
            assertSameBatches(List.of(), keep(loader.epoch(5, 10)));
            assertThrows(IllegalArgumentException.class, () -> loader.epoch(5, 11));
        }
    }

    @Test
    void trainingShufflesEachEpochAnewAndTakesEachImageOnce() throws IOException {
        var dataset = new NumberedImages(100, Set.of());
        LoaderOptions options = LoaderOptions.of(30).withThreads(2).withDropLast(false);
        try (DataLoader loader =
                DataLoader.training(dataset, 4, AS_IT_IS.normalization(), Augmentation.none(), options)) {
            assertEquals(4, loader.batches());
            int[] first = indices(keep(loader.epoch(0)));
            int[] second = indices(keep(loader.epoch(1)));
            assertFalse(Arrays.equals(first, second));
            Arrays.sort(first);
            Arrays.sort(second);
            assertArrayEquals(IntStream.range(0, 100).toArray(), first);
            assertArrayEquals(first, second);
        }
    }

    private static int[] indices(List<Kept> batches) {
        return batches.stream()
                .flatMapToInt(kept -> Arrays.stream(kept.indices()))
                .toArray();
    }

    @Test
    void aPartialLastBatchIsDroppedOnlyInTraining() throws IOException {
        var dataset = new NumberedImages(100, Set.of());
        LoaderOptions options = LoaderOptions.of(30).withThreads(2);
        try (DataLoader training =
                        DataLoader.training(dataset, 4, AS_IT_IS.normalization(), Augmentation.none(), options);
                DataLoader evaluation = DataLoader.evaluation(dataset, AS_IT_IS, options);
                DataLoader small = DataLoader.training(
                        new NumberedImages(7, Set.of()), 4, AS_IT_IS.normalization(), Augmentation.none(), options)) {
            assertEquals(3, training.batches());
            assertEquals(90, indices(keep(training.epoch(0))).length);
            assertEquals(4, evaluation.batches());
            List<Kept> evaluated = keep(evaluation.epoch(0));
            assertArrayEquals(IntStream.range(0, 100).toArray(), indices(evaluated));
            assertEquals(10, evaluated.getLast().labels().length);
            assertEquals(7, indices(keep(small.epoch(0))).length);
        }
    }

    @Test
    void aBatchHasItsShapesAndOneHotTargets() throws IOException {
        try (DataLoader loader = DataLoader.evaluation(
                new NumberedImages(5, Set.of()), AS_IT_IS, LoaderOptions.of(3).withThreads(1))) {
            BatchStream stream = loader.epoch(0);
            Batch first = stream.next();
            assertNotNull(first);
            assertEquals(Shape.of(3, 4, 4, 1), first.images().shape());
            assertEquals(Shape.of(3, 2), first.targets().shape());
            assertArrayEquals(new int[] {0, 1, 0}, first.labels());
            assertArrayEquals(new float[] {1, 0, 0, 1, 1, 0}, first.targets().array());
            Batch last = stream.next();
            assertNotNull(last);
            assertEquals(Shape.of(2, 4, 4, 1), last.images().shape());
            assertEquals(2, last.size());
            assertNull(stream.next());
            assertNull(stream.next());
        }
    }

    @Test
    void buffersAreUsedAgain() throws IOException {
        try (DataLoader loader = DataLoader.evaluation(
                new NumberedImages(40, Set.of()),
                AS_IT_IS,
                LoaderOptions.of(4).withThreads(2).withPrefetch(1))) {
            BatchStream stream = loader.epoch(0);
            Batch first = stream.next();
            Batch second = stream.next();
            Batch third = stream.next();
            assertNotNull(first);
            assertNotNull(second);
            assertNotNull(third);
            assertSame(first.images().array(), third.images().array());
            assertFalse(first.images().array() == second.images().array());
        }
    }

    @Test
    void unreadableImagesAreSkippedCountedAndNamedOnce() throws IOException {
        var dataset = new NumberedImages(40, Set.of(3, 4, 8, 9, 10, 11, 39));
        for (int threads : new int[] {1, 4}) {
            try (DataLoader loader =
                    DataLoader.evaluation(dataset, AS_IT_IS, LoaderOptions.of(4).withThreads(threads))) {
                List<Kept> kept = keep(loader.epoch(0));
                int[] readable = IntStream.range(0, 40)
                        .filter(i -> !dataset.unreadable().contains(i))
                        .toArray();
                assertArrayEquals(readable, indices(kept));
                for (Kept batch : kept) {
                    for (int i = 0; i < batch.labels().length; i++) {
                        assertEquals(batch.indices()[i] % 2, batch.labels()[i]);
                        assertEquals(1, batch.targets()[2 * i + batch.labels()[i]]);
                    }
                }
                // The batch without readable images is skipped, but the numbering is unchanged.
                assertEquals(9, kept.size());
                assertEquals(3, kept.get(2).number());
                keep(loader.epoch(1));
                SkippedSamples skipped = loader.skipped();
                assertEquals(7, skipped.count());
                assertEquals("numbered#3: no picture", skipped.examples().getFirst());
                assertEquals("numbered#39: no picture", skipped.examples().getLast());
            }
        }
    }

    @Test
    void onlyTwentySkippedImagesAreNamed() throws IOException {
        var unreadable = new TreeSet<>(IntStream.range(5, 55).boxed().toList());
        try (DataLoader loader = DataLoader.evaluation(
                new NumberedImages(60, unreadable),
                AS_IT_IS,
                LoaderOptions.of(7).withThreads(2))) {
            keep(loader.epoch(0));
            assertEquals(50, loader.skipped().count());
            assertEquals(20, loader.skipped().examples().size());
        }
    }

    @Test
    void aStrictLoaderStopsAtTheFirstUnreadableImageInOrder() throws IOException {
        var dataset = new NumberedImages(40, Set.of(21, 22, 38));
        for (int threads : new int[] {1, 4}) {
            LoaderOptions options = LoaderOptions.of(4).withThreads(threads).withStrict(true);
            try (DataLoader loader = DataLoader.evaluation(dataset, AS_IT_IS, options)) {
                BatchStream stream = loader.epoch(0);
                for (int i = 0; i < 5; i++) {
                    assertNotNull(stream.next());
                }
                String message = assertThrows(IOException.class, stream::next).getMessage();
                assertEquals("numbered#21: no picture", message);
            }
        }
    }

    @Test
    void aDatasetOfWhichNothingCanBeReadIsAnError() {
        var dataset = new NumberedImages(3, Set.of(0, 1, 2));
        try (DataLoader loader = DataLoader.evaluation(dataset, AS_IT_IS, LoaderOptions.of(2))) {
            String message =
                    assertThrows(IOException.class, () -> keep(loader.epoch(0))).getMessage();
            assertEquals("none of the 3 images can be read; the first: numbered#0: no picture", message);
        }
    }

    @Test
    void aMistakeInADatasetIsThrownToTheConsumer() {
        Dataset broken = new Dataset() {
            @Override
            public int size() {
                return 10;
            }

            @Override
            public List<String> classes() {
                return List.of("a", "b");
            }

            @Override
            public int label(int index) {
                return index == 7 ? 2 : 0;
            }

            @Override
            public Image image(int index) {
                return new Image(4, 4, 1, new byte[16]);
            }

            @Override
            public String origin(int index) {
                return "broken#" + index;
            }
        };
        try (DataLoader loader =
                DataLoader.evaluation(broken, AS_IT_IS, LoaderOptions.of(5).withThreads(2))) {
            assertThrows(RuntimeException.class, () -> keep(loader.epoch(0)));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> DataLoader.evaluation(new NumberedImages(0, Set.of()), AS_IT_IS, LoaderOptions.of(5)));
    }

    @Test
    void closingEndsAllThreads() throws IOException {
        var before = loaderThreads();
        for (int i = 0; i < 3; i++) {
            try (DataLoader loader = synthetic(3, 2)) {
                BatchStream stream = loader.epoch(0);
                assertNotNull(stream.next());
                assertEquals(before.size() + 3, loaderThreads().size());
            }
        }
        assertEquals(before, loaderThreads());
    }

    private static Set<Long> loaderThreads() {
        var ids = new TreeSet<Long>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("resnet4j-data-")) {
                ids.add(thread.threadId());
            }
        }
        return ids;
    }

    @Test
    void aClosedStreamGivesNoMoreBatchesAndTheNextEpochIsRight() throws IOException {
        try (DataLoader loader = synthetic(2, 2)) {
            List<Kept> expected = keep(loader.epoch(4));
            BatchStream left = loader.epoch(3);
            assertNotNull(left.next());
            assertSameBatches(expected, keep(loader.epoch(4)));
            assertThrows(IllegalStateException.class, left::next);
        }
    }

    @Test
    void aClosedLoaderStartsNoEpoch() throws IOException {
        DataLoader closed;
        try (DataLoader loader = synthetic(1, 1)) {
            closed = loader;
        }
        assertThrows(IllegalStateException.class, () -> closed.epoch(5));
    }

    /** Blocks before each image until it is released. */
    private record Blocking(Dataset samples, CountDownLatch mayGoOn) implements Dataset {
        @Override
        public int size() {
            return samples.size();
        }

        @Override
        public List<String> classes() {
            return samples.classes();
        }

        @Override
        public int label(int index) {
            return samples.label(index);
        }

        @Override
        public Image image(int index) throws IOException {
            try {
                if (!mayGoOn.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("nobody said go");
                }
            } catch (InterruptedException unexpected) {
                throw new IOException("loader threads are not interrupted", unexpected);
            }
            return samples.image(index);
        }

        @Override
        public String origin(int index) {
            return samples.origin(index);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anInterruptedConsumerStopsWaiting() throws Exception {
        var mayGoOn = new CountDownLatch(1);
        var dataset = new Blocking(new NumberedImages(4, Set.of()), mayGoOn);
        try (DataLoader loader =
                DataLoader.evaluation(dataset, AS_IT_IS, LoaderOptions.of(2).withThreads(1))) {
            BatchStream stream = loader.epoch(0);
            Thread consumer = Thread.currentThread();
            Thread helper = Thread.ofVirtual().start(() -> {
                while (consumer.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                consumer.interrupt();
                sleep(200); // the consumer must receive the interrupt before a batch
                mayGoOn.countDown();
            });
            assertThrows(InterruptedIOException.class, stream::next);
            assertTrue(Thread.interrupted());
            helper.join();
        }
    }

    @Test
    void waitingIsMeasured() throws Exception {
        var mayGoOn = new CountDownLatch(1);
        var dataset = new Blocking(new NumberedImages(40, Set.of()), mayGoOn);
        try (DataLoader loader =
                DataLoader.evaluation(dataset, AS_IT_IS, LoaderOptions.of(4).withThreads(1))) {
            BatchStream stream = loader.epoch(0);
            Thread helper = Thread.ofVirtual().start(() -> {
                sleep(100);
                mayGoOn.countDown();
            });
            keep(stream);
            helper.join();
            LoaderStatistics statistics = stream.statistics();
            assertEquals(10, statistics.batches());
            assertEquals(40, statistics.samples());
            assertTrue(statistics.waitNanos() > 50_000_000, statistics.toString());
            assertTrue(statistics.elapsedNanos() >= statistics.waitNanos(), statistics.toString());
            assertTrue(statistics.waitFraction() > 0.1 && statistics.waitFraction() <= 1, statistics.toString());
            assertEquals(statistics, stream.statistics());
        }
    }

    @Test
    void damagedPicturesInAZipAreNamedByTheirPath(@TempDir Path folder) throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < 6; i++) {
            entries.put((i < 3 ? "cat/" : "dog/") + i + ".jpg", TestPictures.jpeg(20, 12, 30 * i));
        }
        byte[] whole = TestPictures.jpeg(60, 60, 5);
        entries.put("cat/cut.jpg", Arrays.copyOf(whole, whole.length / 2));
        entries.put("dog/text.jpg", "not a picture".getBytes(StandardCharsets.US_ASCII));
        Path zip = TestPictures.zip(folder.resolve("set.zip"), entries);
        var transform = new EvaluationTransform(8, 8, Interpolation.BILINEAR, PLAIN, true);
        try (Dataset dataset = Datasets.openForEvaluation(zip.toString(), DatasetOptions.defaults(folder));
                DataLoader loader = DataLoader.evaluation(
                        dataset, transform, LoaderOptions.of(3).withThreads(2))) {
            assertEquals(
                    6,
                    keep(loader.epoch(0)).stream()
                            .mapToInt(kept -> kept.labels().length)
                            .sum());
            SkippedSamples skipped = loader.skipped();
            assertEquals(2, skipped.count());
            assertTrue(skipped.examples().get(0).startsWith("cat/cut.jpg: "), skipped.toString());
            assertTrue(skipped.examples().get(1).startsWith("dog/text.jpg: "), skipped.toString());
        }
    }
}
