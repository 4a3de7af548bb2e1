package org.resnet4j;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.run.ClassifierAlone;
import org.resnet4j.run.Cluster;
import org.resnet4j.run.RunSettings;
import org.resnet4j.run.TrainedPart;
import org.resnet4j.run.TrainingJob;
import org.resnet4j.run.WholeNetwork;
import org.resnet4j.support.Ranges;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.training.TrainingEvent.SavedModel;
import org.resnet4j.training.TrainingRecipe;
import org.resnet4j.training.log.TensorBoardFile;
import org.resnet4j.training.loop.CheckpointPolicy;
import org.resnet4j.training.loop.ModelSaver;
import org.resnet4j.training.loop.Trainer;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.training.session.ShardedTrainingSession;
import org.resnet4j.training.session.TrainingSession;
import org.resnet4j.training.shard.SingleRank;
import org.resnet4j.transfer.FrozenBackbone;

/**
 * Training of a residual network from data to a model folder: the best model, metrics and checkpoints.
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="train"}
 *
 * <p>Defaults depend on the data, as for the command {@code train}. The same data, settings and seed give the same
 * network, bit for bit, for any number of threads. For one thread, and for one call of {@link #train} or
 * {@link #resume}.
 *
 * @since 0.1.0
 */
public final class TrainingRun implements AutoCloseable {
    private static final int SYNTHETIC_EPOCHS = 3;
    private static final int EPOCHS = 30;

    /** Divisor of the Java heap: the share that cached features may take. */
    private static final int SHARE_FOR_FEATURES = 4;

    private final Builder choices;
    private final TrainingPlan plan;
    private final TrainingRecipe recipe;
    private final Model model;
    private final Compute compute;
    private final @Nullable FrozenBackbone backbone;
    private final Map<String, String> run;
    private final Map<String, String> settings;
    /** Null after training, since it holds the memory of the step. */
    private @Nullable TrainingSession session;

    private TrainingRun(Builder choices, TrainingPlan plan, Model model) {
        this.choices = choices;
        this.plan = plan;
        recipe = choices.balancedLoss ? ClassBalance.of(choices.recipe, choices.data) : choices.recipe;
        this.model = model;
        if (!choices.frozen && choices.cluster == null) {
            RunRules.checkMemory(
                    plan, model.network(), recipe, choices.data.train().size(), choices.threads);
        }
        compute = Compute.best(choices.threads);
        try {
            backbone = choices.frozen ? new FrozenBackbone(model, compute, choices.featureMemory) : null;
            var layers = new LayerTrainingSession(
                    backbone == null ? model.network() : backbone.head(), recipe.session(), compute);
            session = recipe.shards() == 1 && choices.cluster == null
                    ? layers
                    : new ShardedTrainingSession(
                            layers,
                            new SingleRank(recipe.shards()),
                            plan.batchSize(),
                            plan.leastImages(model.network()));
            run = RunSettings.of(choices.data, plan.spec(), plan.transform())
                    .weights(choices.weights == null ? null : choices.weights.name())
                    .frozen(backbone == null ? null : backbone.checksum())
                    .training(plan.augmentation(), plan.batchSize(), recipe.seed())
                    .balanced(choices.balancedSampling)
                    .values();
            settings = new LinkedHashMap<>(run);
            settings.putAll(session.settings());
        } catch (RuntimeException | Error failure) {
            compute.close();
            throw failure;
        }
    }

    /** Returns a new builder. The caller closes the data after the run. */
    public static Builder on(DatasetSplits data) {
        return new Builder(data);
    }

    /** Returns the network and data of the run. */
    public TrainingPlan plan() {
        return plan;
    }

    /** Returns the model in training, with its current weights. */
    public Model model() {
        return model;
    }

    /** Returns true if only the classifier is trained. */
    public boolean isFrozen() {
        return backbone != null;
    }

    /** Returns the number of epochs. */
    public int epochs() {
        Integer asked = recipe.epochs();
        if (asked != null) {
            return asked;
        }
        return choices.data.source().equals(Datasets.SYNTHETIC) ? SYNTHETIC_EPOCHS : EPOCHS;
    }

    /** Returns the name of the kernels, for display. */
    public String kernels() {
        return compute.name(recipe.session().format());
    }

    /** Returns all settings that determine the result except the length of the run, by name, for display. */
    public Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Trains as {@link #train(TrainingOutput)}, with a checkpoint after every epoch and every five minutes. */
    public TrainingOutcome train(Path folder) throws IOException {
        return train(TrainingOutput.to(folder));
    }

    /**
     * Trains from the first epoch. If the thread is interrupted, the run writes a checkpoint and ends.
     *
     * @throws FileAlreadyExistsException if the folder holds a model that must not be replaced
     * @throws FolderInUseException if another run writes to the folder
     * @throws org.resnet4j.training.DivergedException if the loss or the weights are not finite
     * @throws java.io.InterruptedIOException if the thread was interrupted
     * @throws IOException if data cannot be read or a file cannot be written
     */
    public TrainingOutcome train(TrainingOutput output) throws IOException {
        return run(output, false);
    }

    /**
     * Resumes from the checkpoint of the folder and ends with the same bits as an uninterrupted run. Starts with the
     * first epoch if there is no checkpoint.
     *
     * @throws org.resnet4j.training.CheckpointMismatchException if the checkpoint belongs to a run with other settings
     * @throws IOException as {@link #train(TrainingOutput)}
     */
    public TrainingOutcome resume(TrainingOutput output) throws IOException {
        return run(output, true);
    }

    private TrainingOutcome run(TrainingOutput output, boolean resumes) throws IOException {
        TrainingSession current = session;
        if (current == null) {
            throw new IllegalStateException("a run trains only once");
        }
        int least = backbone != null
                ? 1
                : RunRules.leastImages(
                        plan,
                        model.network(),
                        recipe.shards(),
                        choices.data.train().size());
        if (choices.strict) {
            RunRules.checkReadable(choices.data);
        }
        Path events = output.tensorBoard();
        if (events != null) {
            TensorBoardFile.check(events);
        }
        try (RunLock _ = output.lock() == null ? output.folder().lock(choices.remarks) : null) {
            RunFolder folder = output.folder();
            boolean goesOn = resumes && Files.exists(folder.checkpoint());
            if (!goesOn) {
                if (folder.isTaken() && !output.overwrite()) {
                    throw new FileAlreadyExistsException(
                            folder.path().toString(), null, "the folder already holds a model");
                }
                Files.deleteIfExists(folder.checkpoint());
            }
            try (TrainedPart part = part(least)) {
                Trainer trainer = trainer(current, part, output);
                return new TrainingOutcome(
                        goesOn ? trainer.resume() : trainer.run(),
                        folder,
                        part.trainingSkipped().plus(choices.data.train().passedOver()),
                        part.validationSkipped().plus(choices.data.validation().passedOver()));
            } finally {
                session = null;
            }
        }
    }

    private TrainedPart part(int leastImages) throws IOException {
        var loading = LoaderOptions.of(plan.batchSize())
                .withThreads(choices.threads)
                .withSeed(recipe.seed())
                .withBalanced(choices.balancedSampling)
                .withStrict(choices.strict);
        if (backbone != null) {
            var part = ClassifierAlone.of(
                    backbone, choices.data, plan.transform(), plan.augmentation(), loading, choices.featureMemory);
            choices.remarks.accept(part.about());
            return part;
        }
        if (RunRules.dropsSingleImage(plan, choices.data, leastImages)) {
            choices.remarks.accept(
                    "the last batch of each epoch is a single image, too small for training: it is dropped");
        }
        var job = new TrainingJob(
                choices.data,
                model.network(),
                plan.transform(),
                plan.augmentation(),
                loading,
                recipe.session(),
                recipe.shards(),
                leastImages);
        return choices.cluster == null ? WholeNetwork.of(job) : choices.cluster.open(job);
    }

    private Trainer trainer(TrainingSession current, TrainedPart part, TrainingOutput output) {
        boolean fineTuning = choices.weights != null && backbone == null;
        RunFolder folder = output.folder();
        var lengths = new TrainerSettings(epochs(), recipe.rate(epochs(), plan.batchSize(), fineTuning))
                .withAccumulation(recipe.accumulation())
                .withPatience(recipe.patience())
                .withCheckpoint(new CheckpointPolicy(folder.checkpoint(), 0, output.checkpointEvery()))
                .withRun(run);
        ModelSaver saver =
                (kind, _) -> ModelFolder.save(kind == SavedModel.BEST ? folder.path() : folder.last(), model);
        return new Trainer(current, part.runner(current, lengths), lengths, output.allListeners(), saver);
    }

    /** Ends the compute threads. */
    @Override
    public void close() {
        compute.close();
    }

    /**
     * Builder of a run. Every method but {@link #plan} and {@link #build()} sets one thing and returns this builder.
     */
    public static final class Builder {
        private final DatasetSplits data;
        private @Nullable ResNetSpec network;
        private UnaryOperator<ResNetSpec> variant = UnaryOperator.identity();
        private @Nullable StartingWeights weights;
        private boolean frozen;
        private long featureMemory;
        private @Nullable Integer imageSize;
        private @Nullable Integer batchSize;
        private UnaryOperator<Augmentation> augmentation = UnaryOperator.identity();
        private TrainingRecipe recipe = TrainingRecipe.sgd();
        private boolean balancedLoss;
        private boolean balancedSampling;
        private int threads = Runtime.getRuntime().availableProcessors();
        private boolean strict;
        private @Nullable Cluster cluster;
        private Consumer<String> remarks = _ -> {};

        private Builder(DatasetSplits data) {
            this.data = data;
        }

        /**
         * Sets the network; its classes and images are adapted to the data. By default the network of the starting
         * weights; without them resnet20 for images up to 64 pixels and resnet18 for larger ones.
         */
        public Builder network(ResNetSpec chosen) {
            network = chosen;
            return this;
        }

        /** Sets a change of the network, for instance of the default one. */
        public Builder variant(UnaryOperator<ResNetSpec> change) {
            variant = change;
            return this;
        }

        /** Sets the weights to start from; by default they are random. */
        public Builder weights(StartingWeights start) {
            weights = start;
            return this;
        }

        /** Trains only the classifier. Up to a quarter of the Java heap caches the features of the layers below it. */
        public Builder freezeBackbone() {
            return freezeBackbone(Runtime.getRuntime().maxMemory() / SHARE_FOR_FEATURES);
        }

        /**
         * Trains only the classifier.
         *
         * @param memory maximum bytes for cached features of the layers below it
         */
        public Builder freezeBackbone(long memory) {
            if (memory < 0) {
                throw new IllegalArgumentException("memory for features must be at least 0 bytes, got " + memory);
            }
            frozen = true;
            featureMemory = memory;
            return this;
        }

        /**
         * Sets the side of the network's input in pixels. By default that of the starting model, else of the images if
         * all have the same small size, else 128, or 224 with starting weights.
         */
        public Builder imageSize(int pixels) {
            Ranges.checkAtLeast("image size", 1, pixels);
            imageSize = pixels;
            return this;
        }

        /**
         * Sets the number of images in a batch; by default 128 for images up to 64 pixels, and 32 for larger ones, or
         * less where the dropped last batch would be more than a tenth of the images.
         */
        public Builder batchSize(int images) {
            Ranges.checkAtLeast("batch size", 1, images);
            batchSize = images;
            return this;
        }

        /**
         * Sets the augmentation of training images; by default the one that suits the data, or none for a frozen
         * backbone.
         */
        public Builder augmentation(Augmentation chosen) {
            return augmentation(_ -> chosen);
        }

        /** Sets a change of the default augmentation. */
        public Builder augmentation(UnaryOperator<Augmentation> change) {
            augmentation = change;
            return this;
        }

        /** Sets optimizer, schedule and regularization; by default {@link TrainingRecipe#sgd()}. */
        public Builder recipe(TrainingRecipe chosen) {
            recipe = chosen;
            return this;
        }

        /**
         * Weights the training loss by class if true, with n / (k · n_c) for n images, k classes and n_c images of the
         * class; by default every image has the same weight.
         */
        public Builder balanceLoss(boolean chosen) {
            balancedLoss = chosen;
            return this;
        }

        /**
         * Draws the images of an epoch with replacement if true, each class as often as any other; by default an epoch
         * shows every image once.
         */
        public Builder balanceSampling(boolean chosen) {
            balancedSampling = chosen;
            return this;
        }

        /** Sets the number of threads that compute and read images; by default one for each processor. */
        public Builder threads(int count) {
            Ranges.checkAtLeast("threads", 1, count);
            threads = count;
            return this;
        }

        /** Makes an unreadable image end the run if true; by default it is skipped and counted. */
        public Builder strict(boolean chosen) {
            strict = chosen;
            return this;
        }

        /** Sets a listener for remarks, each a line for display. */
        public Builder remarks(Consumer<String> listener) {
            remarks = listener;
            return this;
        }

        /**
         * Lets the machines of a cluster compute the batches; the artifact {@code resnet4j-spark} has one. This process
         * keeps the weights, measures and saves.
         */
        public Builder cluster(Cluster machines) {
            cluster = machines;
            return this;
        }

        /** Returns the plan of the run with the current settings. Some images may be read to determine their size. */
        public TrainingPlan plan() {
            return TrainingPlan.of(this);
        }

        /**
         * Builds the network.
         *
         * @throws IllegalArgumentException if the settings do not fit each other or the data
         * @throws IOException if the starting weights do not fit the network
         */
        public TrainingRun build() throws IOException {
            return build(plan());
        }

        /** Builds the network of a plan, as {@link #build()}. */
        public TrainingRun build(TrainingPlan plan) throws IOException {
            RunRules.check(plan, recipe, frozen, weights != null, cluster != null);
            RunRules.checkSampling(balancedSampling, frozen, cluster != null);
            int size = plan.transform().inputSize();
            ResNet made;
            try {
                made = ResNet.create(plan.spec(), recipe.seed());
                made.outputShape(Shape.of(1, size, size, plan.spec().inChannels()));
            } catch (ShapeMismatchException mismatch) {
                throw new IllegalArgumentException(
                        plan.spec().name() + " cannot take images of " + size + " pixels: " + mismatch.getMessage(),
                        mismatch);
            }
            if (weights != null && !weights.applyTo(made)) {
                remarks.accept(
                        "the classifier is initialized anew for " + plan.spec().classes() + " classes");
            }
            return new TrainingRun(this, plan, new Model(made, data.classes(), plan.transform()));
        }

        /** Returns the number of shards of a batch. */
        int shards() {
            return recipe.shards();
        }

        DatasetSplits data() {
            return data;
        }

        @Nullable
        ResNetSpec network() {
            return network;
        }

        UnaryOperator<ResNetSpec> variant() {
            return variant;
        }

        @Nullable
        StartingWeights weights() {
            return weights;
        }

        boolean isFrozen() {
            return frozen;
        }

        @Nullable
        Integer imageSize() {
            return imageSize;
        }

        @Nullable
        Integer batchSize() {
            return batchSize;
        }

        UnaryOperator<Augmentation> augmentation() {
            return augmentation;
        }
    }
}
