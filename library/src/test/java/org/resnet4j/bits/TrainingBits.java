package org.resnet4j.bits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.layer.Parameter;
import org.resnet4j.model.Model;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.Schedule;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.loop.BatchSource;
import org.resnet4j.training.loop.Trainer;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.training.session.SessionState;
import org.resnet4j.transfer.FrozenBackbone;
import org.resnet4j.transfer.Views;

/**
 * Records short training runs on synthetic images: the model, the state of the optimizer, averaged weights and metrics.
 *
 * @param folder stays empty: synthetic images need no files
 */
record TrainingBits(Kernels kernels, Workers workers, Path folder, BitRecord record) {
    private static final int SIZE = 16;
    private static final int BATCH = 6;
    private static final long SEED = 13;
    private static final ResNetSpec RESNET8 = ResNets.named("resnet8").withImages(SIZE, 3);
    private static final Normalization NORMALIZATION = Normalization.uniform(3, 0.5f, 0.25f);
    private static final EvaluationTransform TRANSFORM =
            EvaluationTransform.ofCropPct(SIZE, 1, Interpolation.BILINEAR, NORMALIZATION);
    private static final Augmentation SHIFT_AND_FLIP =
            Augmentation.of(new ImageAugmentation.PadAndCrop(2), new ImageAugmentation.HorizontalFlip(0.5));
    private static final LearningRate COSINE = new LearningRate(0.1, new Schedule.Cosine());

    /**
     * A run.
     *
     * @param frozen parameters that stay as they are
     */
    private record Run(
            String name,
            ResNetSpec spec,
            SessionSettings session,
            TrainerSettings trainer,
            Augmentation augmentation,
            Predicate<Parameter> frozen) {}

    private static List<Run> runs() {
        var sgd = new SessionSettings(new Optimizer.Sgd());
        var once = new TrainerSettings(1, COSINE);
        Augmentation mixup = SHIFT_AND_FLIP.with(BatchMixing.mixup(0.4));
        return List.of(
                new Run("sgd-mixup", RESNET8, sgd, once, mixup, _ -> false),
                new Run(
                        "nesterov-average-clipped-accumulated-cutmix",
                        RESNET8,
                        new SessionSettings(new Optimizer.Sgd(0.8, true, 1e-2, false), 0.1, 0.5, 0.9),
                        new TrainerSettings(2, COSINE.withWarmUp(0.5)).withAccumulation(2),
                        SHIFT_AND_FLIP.with(BatchMixing.cutmix(1)),
                        _ -> false),
                new Run(
                        "adamw-crop-jitter-erasing",
                        ResNets.named("seresnet18").toBuilder()
                                .depths(List.of(1, 1))
                                .widths(List.of(16, 32))
                                .stemWidth(16)
                                .classes(RESNET8.classes())
                                .images(SIZE, 3)
                                .build(),
                        new SessionSettings(new Optimizer.AdamW(), 0, 1, 0.5),
                        new TrainerSettings(1, new LearningRate(1e-2, new Schedule.OneCycle())),
                        Augmentation.imagenet()
                                .with(new ImageAugmentation.ColorJitter(0.2, 0.2, 0.2, 0.1))
                                .with(ImageAugmentation.RandomErasing.defaults()),
                        _ -> false),
                new Run(
                        "frozen-layers",
                        RESNET8,
                        new SessionSettings(new Optimizer.Sgd(), 0, 0, 0.9),
                        once,
                        SHIFT_AND_FLIP,
                        parameter -> parameter.name().matches("(conv1|bn1|layer1)\\..*")),
                new Run(
                        "stochastic-depth-dropout-recomputed",
                        RESNET8.toBuilder()
                                .depths(List.of(2, 2, 2))
                                .shortcuts(ShortcutOption.DROPOUT)
                                .build(),
                        sgd.withStochasticDepth(0.4).withSeed(SEED).withRecompute(true),
                        once,
                        Augmentation.none(),
                        _ -> false));
    }

    void addAll() throws IOException {
        DatasetOptions options = DatasetOptions.defaults(folder)
                .withSeed(SEED)
                .withSynthetic(new SyntheticSize(SIZE, 6 * BATCH, BATCH + 3));
        try (DatasetSplits data = Datasets.open(Datasets.SYNTHETIC, options)) {
            for (Run run : runs()) {
                add(run, data);
            }
            addTransfer(data);
        }
    }

    private LoaderOptions loading() {
        return LoaderOptions.of(BATCH).withThreads(workers.threads()).withSeed(SEED);
    }

    private void add(Run run, DatasetSplits data) throws IOException {
        ResNet network = ResNet.create(run.spec().withClasses(data.classes().size()), SEED);
        var session = new LayerTrainingSession(
                network,
                run.session(),
                new Compute(kernels, workers),
                run.frozen().negate());
        try (DataLoader training =
                        DataLoader.training(data.train(), SIZE, NORMALIZATION, run.augmentation(), loading());
                DataLoader validation = DataLoader.evaluation(data.validation(), TRANSFORM, loading())) {
            train(run.name(), session, run.trainer(), new Batches(training), new Batches(validation));
        }
    }

    /** The classifier alone learns, on features of a backbone that keeps its weights. */
    private void addTransfer(DatasetSplits data) throws IOException {
        ResNet network = ResNet.create(RESNET8.withClasses(data.classes().size()), SEED);
        var model = new Model(network, data.classes(), TRANSFORM);
        var backbone = new FrozenBackbone(model, new Compute(kernels, workers), 1 << 20);
        var session = new LayerTrainingSession(
                backbone.head(), new SessionSettings(new Optimizer.Sgd(), 0.1, 1, 0.9), new Compute(kernels, workers));
        var flips = Augmentation.of(new ImageAugmentation.HorizontalFlip(0.5));
        var training = Views.training(data.train().size(), flips, loading());
        var validation = Views.evaluation(data.validation().size(), loading());
        train(
                "frozen-backbone",
                session,
                new TrainerSettings(2, COSINE),
                backbone.features(data.train(), training),
                backbone.features(data.validation(), validation));
    }

    private void train(
            String name,
            LayerTrainingSession session,
            TrainerSettings settings,
            BatchSource training,
            BatchSource validation)
            throws IOException {
        EpochMetrics last =
                Objects.requireNonNull(new Trainer(session, training, validation, settings, List.of(), (_, _) -> {})
                        .run()
                        .last());
        SessionState state = session.state();
        for (String part : List.of("model", "optimizer", "average")) {
            var tensors = state.tensors().tensors().entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(part))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!tensors.isEmpty()) {
                record.add(name, part, tensors);
            }
        }
        var validated = Objects.requireNonNull(last.validation());
        record.add(
                name,
                "metrics",
                last.trainLoss(),
                last.trainTop1(),
                validated.loss(),
                validated.top1(),
                validated.top5());
    }

    /** The batches of a loader, for the trainer. */
    private record Batches(DataLoader loader) implements BatchSource {
        @Override
        public int batchesPerEpoch() {
            return loader.batches();
        }

        @Override
        public BatchSource.Batches open(int epoch, int firstBatch) {
            BatchStream stream = loader.epoch(epoch, firstBatch);
            return new BatchSource.Batches() {
                @Override
                public @Nullable Batch next() throws IOException {
                    return stream.next();
                }

                @Override
                public void close() {
                    stream.close();
                }
            };
        }
    }
}
