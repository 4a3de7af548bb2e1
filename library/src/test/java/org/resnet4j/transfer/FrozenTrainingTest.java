package org.resnet4j.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.LoaderOptions;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.model.Model;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.LayerTrainingSession;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.Schedule;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.TrainingResult;
import org.resnet4j.training.loop.BatchSource;
import org.resnet4j.training.loop.CheckpointPolicy;
import org.resnet4j.training.loop.Trainer;
import org.resnet4j.training.loop.TrainerSettings;

/** The classifier alone is trained on features that are kept, or computed again: the same bits. */
class FrozenTrainingTest {
    private static final int SIZE = 12;
    private static final int EPOCHS = 3;
    private static final int BATCH = 8;
    private static final long PLENTY = 1 << 20;
    private static final Augmentation MIRROR = Augmentation.of(new ImageAugmentation.HorizontalFlip(0.5));
    private static final TrainingListener NOBODY = event -> {};

    @TempDir
    private Path folder;

    /** Dark, grey and light noise; counts how often an image was asked for. */
    private static final class Noise implements Dataset {
        private final int size;
        private final int seed;
        private final AtomicInteger reads = new AtomicInteger();
        private int unreadable = -1;

        Noise(int size, int seed) {
            this.size = size;
            this.seed = seed;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public List<String> classes() {
            return List.of("dark", "grey", "light");
        }

        @Override
        public int label(int index) {
            return index % 3;
        }

        @Override
        public Image image(int index) throws IOException {
            reads.incrementAndGet();
            if (index == unreadable) {
                throw new IOException("broken file");
            }
            var samples = new byte[SIZE * SIZE * 3];
            var random = new Random(seed * 1000L + index);
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) (60 * label(index) + random.nextInt(100));
            }
            return new Image(SIZE, SIZE, 3, samples);
        }

        @Override
        public String origin(int index) {
            return "noise " + index;
        }
    }

    /** Stands for the death of the process: no handler of the trainer sees it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A run, from a network that is made anew to its end. */
    private final class Run {
        private final Noise train = new Noise(29, 1);
        private final Noise validation = new Noise(11, 2);
        private final Model model;
        private long memory = PLENTY;
        private int threads = 1;
        private Augmentation augmentation = MIRROR;
        private boolean strict;
        private int epochs = EPOCHS;
        private @Nullable FeatureBatches batches;
        private @Nullable TrainingResult result;

        Run() {
            ResNet network =
                    ResNet.create(ResNets.named("resnet20").withClasses(3).withImages(SIZE, 3), 5);
            var transform = EvaluationTransform.ofCropPct(SIZE, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
            model = new Model(network, train.classes(), transform);
        }

        /** The bits of the classifier when all is done. */
        float[] train(Path checkpoint, TrainingListener listener) throws IOException {
            var loading =
                    LoaderOptions.of(BATCH).withThreads(threads).withSeed(4).withStrict(strict);
            try (var workers = new Workers(threads)) {
                var backbone = new FrozenBackbone(model, new Compute(KernelLookup.best(), workers), memory);
                var optimizer = new Optimizer.Sgd(0.9, true, 1e-3, false);
                var session = new LayerTrainingSession(
                        backbone.head(),
                        new SessionSettings(optimizer, 0.1, 1, 0.9),
                        new Compute(KernelLookup.best(), workers));
                FeatureBatches training = backbone.features(train, Views.training(train.size(), augmentation, loading));
                batches = training;
                var trainer = new Trainer(
                        session,
                        training,
                        backbone.features(validation, Views.evaluation(validation.size(), loading)),
                        new TrainerSettings(epochs, new LearningRate(0.2, new Schedule.Cosine()))
                                .withCheckpoint(new CheckpointPolicy(checkpoint, 2, Duration.ZERO)),
                        List.of(listener),
                        (_, _) -> {});
                result = Files.exists(checkpoint) ? trainer.resume() : trainer.run();
            }
            Tensor weight = model.network().classifier().weight().value();
            Tensor bias = model.network().classifier().bias().value();
            float[] all = Arrays.copyOf(weight.array(), weight.size() + bias.size());
            System.arraycopy(bias.array(), 0, all, weight.size(), bias.size());
            return all;
        }
    }

    private Path place(String name) {
        return folder.resolve(name);
    }

    @Test
    void theClassifierHasTheSameBitsWhateverIsKeptAndWhateverTheThreads() throws IOException {
        float[] expected = new Run().train(place("plenty"), NOBODY);

        var without = new Run();
        without.memory = 0;
        assertArrayEquals(expected, without.train(place("none"), NOBODY));

        var some = new Run();
        some.memory = 20 * FeatureMemory.bytes(64);
        assertArrayEquals(expected, some.train(place("some"), NOBODY));

        var parallel = new Run();
        parallel.threads = 2;
        assertArrayEquals(expected, parallel.train(place("threads"), NOBODY));

        var other = new Run();
        other.augmentation = Augmentation.none();
        assertFalse(Arrays.equals(expected, other.train(place("other"), NOBODY)), "the mirror has no effect");
    }

    @Test
    void runThatDiesAtAnyEventEndsWithTheSameBits() throws IOException {
        var events = new ArrayList<TrainingEvent>();
        float[] expected = new Run().train(place("whole"), events::add);

        for (int death = 0; death < events.size(); death++) {
            Path checkpoint = place("death" + death);
            int last = death;
            var seen = new AtomicInteger();
            assertThrows(
                    Killed.class,
                    () -> new Run().train(checkpoint, event -> {
                        if (seen.getAndIncrement() == last) {
                            throw new Killed();
                        }
                    }));
            assertArrayEquals(expected, new Run().train(checkpoint, NOBODY), "death at " + events.get(death));
        }
    }

    @Test
    void weightsAndRunningStatisticsOfTheBackboneKeepEveryBit() throws IOException {
        var run = new Run();
        Map<String, Tensor> before = ResNetState.stateDict(run.model.network()).tensors();

        run.train(place("run"), NOBODY);

        Map<String, Tensor> after = ResNetState.stateDict(run.model.network()).tensors();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, tensor) -> {
            boolean same = Arrays.equals(tensor.array(), after.get(name).array());
            assertEquals(!name.startsWith("fc."), same, name);
        });
    }

    @Test
    void theClassifierLearns() throws IOException {
        var run = new Run();
        run.epochs = 40;
        run.train(place("run"), NOBODY);

        TrainingResult result = run.result;
        assertTrue(result != null && result.best() != null);
        assertTrue(
                result.best().validation().top1() > 0.9, "got " + result.best().validation());
    }

    @Test
    void keptViewsNeedNoPictureAgain() throws IOException {
        var plain = new Run();
        plain.augmentation = Augmentation.none();
        plain.train(place("plain"), NOBODY);
        assertEquals(29, plain.train.reads.get());
        assertEquals(11, plain.validation.reads.get());
        assertEquals(29, plain.batches.computed());

        var mirrored = new Run();
        mirrored.train(place("mirrored"), NOBODY);
        var shown = new ArrayList<Integer>();
        var views = Views.training(29, MIRROR, LoaderOptions.of(BATCH).withSeed(4));
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int place = 0; place < views.start(views.batches()); place++) {
                int sample = views.order(epoch)[place];
                shown.add(2 * sample + (views.isMirrored(epoch, sample) ? 1 : 0));
            }
        }
        assertEquals(shown.stream().distinct().count(), mirrored.batches.computed());
        assertTrue(mirrored.batches.computed() < shown.size(), "nothing was kept");
    }

    @Test
    void plainViewsOfEveryEpochAreReadWithoutMemory() throws IOException {
        var run = new Run();
        run.memory = 0;
        run.train(place("run"), NOBODY);

        assertEquals(EPOCHS * 24, run.batches.computed());
    }

    @Test
    void unreadablePictureIsPassedOverOnceAndForAll() throws IOException {
        var run = new Run();
        run.train.unreadable = 7;
        float[] expected = run.train(place("run"), NOBODY);

        assertEquals(1, run.batches.skipped().count());
        assertEquals(List.of("noise 7: broken file"), run.batches.skipped().examples());

        var without = new Run();
        without.train.unreadable = 7;
        without.memory = 0;
        assertArrayEquals(expected, without.train(place("without"), NOBODY));
    }

    @Test
    void unreadablePictureEndsAStrictRun() {
        var run = new Run();
        run.train.unreadable = 7;
        run.strict = true;

        var failure = assertThrows(IOException.class, () -> run.train(place("run"), NOBODY));
        assertEquals("broken file", failure.getMessage());
    }

    @Test
    void picturesOfWhichNoneCanBeReadEndTheRunWithTheReason() {
        var run = new Run();
        var broken = new Noise(1, 1);
        broken.unreadable = 0;
        try (var workers = new Workers(1)) {
            var backbone = new FrozenBackbone(run.model, new Compute(KernelLookup.best(), workers), PLENTY);
            FeatureBatches batches = backbone.features(broken, Views.evaluation(1, LoaderOptions.of(BATCH)));

            var failure = assertThrows(IOException.class, () -> {
                try (BatchSource.Batches stream = batches.open(0, 0)) {
                    Batch first = stream.next();
                    assertEquals(0, first == null ? -1 : first.size());
                    stream.next();
                }
            });
            assertTrue(failure.getMessage().contains("broken file"), failure.getMessage());
        }
    }

    @Test
    void featuresOfBatchesOfImagesAreComputedInTheirPlace() throws IOException {
        var run = new Run();
        try (var workers = new Workers(1)) {
            var backbone = new FrozenBackbone(run.model, new Compute(KernelLookup.best(), workers), PLENTY);
            Tensor images = Tensor.zeros(2, SIZE, SIZE, 3);
            Arrays.fill(images.array(), 0.5f);
            Tensor targets = Tensor.zeros(2, 3);
            targets.array()[1] = 0.25f; // mixed, as no label says
            var batch = new Batch(images, new int[] {1, 2}, targets);
            BatchSource source = backbone.features(new BatchSource() {
                @Override
                public int batchesPerEpoch() {
                    return 1;
                }

                @Override
                public Batches open(int epoch, int firstBatch) {
                    return new Batches() {
                        private boolean done;

                        @Override
                        public @Nullable Batch next() {
                            Batch next = done ? null : batch;
                            done = true;
                            return next;
                        }

                        @Override
                        public void close() {}
                    };
                }
            });
            Tensor expected = Tensor.zeros(2, backbone.length());
            backbone.compute(images, expected);

            try (BatchSource.Batches stream = source.open(0, 0)) {
                Batch features = stream.next();
                assertTrue(features != null);
                assertArrayEquals(expected.array(), features.images().array());
                assertArrayEquals(targets.array(), features.targets().array());
                assertArrayEquals(batch.labels(), features.labels());
                assertEquals(null, stream.next());
            }
            assertEquals(1, source.batchesPerEpoch());
        }
    }
}
