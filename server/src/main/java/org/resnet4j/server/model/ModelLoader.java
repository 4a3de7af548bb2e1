package org.resnet4j.server.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.telemetry.Telemetry;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * Loads models and runs them until the JVM has compiled them.
 *
 * @param threads the number of compute threads
 * @param bfloat16 true to compute in bfloat16, except quantized models
 * @param budget the memory for models
 * @param telemetry learns of each batch
 * @param later makes the models of a start, which answer soon, as fast as they can be; null if they are at once
 */
public record ModelLoader(
        ComputeLane lane,
        BatchSettings batches,
        int threads,
        boolean bfloat16,
        HeapBudget budget,
        Telemetry telemetry,
        @Nullable Executor later) {
    private static final System.Logger LOGGER = System.getLogger(ModelLoader.class.getName());

    /** The largest size of the images of a warm-up. Until they are compiled, kernels take seconds for a larger one. */
    private static final int WARM_UP_SIZE = 32;

    /** The size and number of the batches after which the kernels are compiled. */
    private static final int WARM_UP_IMAGES = 4;

    private static final int WARM_UP_BATCHES = 20;

    /**
     * Properties of a model that are available without its weights.
     *
     * @param bytes the memory of its weights and buffers
     */
    private record Facts(Path path, Precision precision, long bytes) {}

    /** Creates a loader whose models answer as fast as they can when they are loaded. */
    public ModelLoader(ComputeLane lane, BatchSettings batches, int threads, boolean bfloat16, Telemetry telemetry) {
        this(lane, batches, threads, bfloat16, new HeapBudget(), telemetry, null);
    }

    /**
     * Loads a model from its folder or file.
     *
     * @throws IOException if a file is missing, cannot be read or is malformed; the message names it
     */
    public ServedModel load(ModelName name, Path path) throws IOException {
        Facts model = facts(path);
        return served(name, model, () -> new StagedClassifier(fast(model, false)));
    }

    /**
     * Loads a model for the start of a server, as {@link #load}. If it is to answer soon, it computes in machine code
     * first, which needs no compiler, until the JVM has compiled its faster algorithms.
     */
    public ServedModel loadFirst(ModelName name, Path path) throws IOException {
        if (later == null) {
            return load(name, path);
        }
        Facts model = facts(path);
        return served(name, model, () -> {
            ImageClassifier soon = builder(model).startQuickly().build();
            var classifier = new StagedClassifier(soon);
            try {
                soon.predict(zeros(soon, 1, soon.transform().inputSize()));
            } catch (RuntimeException | Error failure) {
                classifier.close();
                throw failure;
            }
            later.execute(() -> accelerate(name, model, classifier));
            return classifier;
        });
    }

    private void accelerate(ModelName name, Facts model, StagedClassifier classifier) {
        if (classifier.isClosed()) {
            return;
        }
        try {
            budget.take("it", model.bytes); // until they take the place of the others
            try {
                classifier.replace(fast(model, true));
            } finally {
                budget.give(model.bytes);
            }
        } catch (IOException expected) {
            LOGGER.log(System.Logger.Level.WARNING, slower(name, expected));
        } catch (RuntimeException | OutOfMemoryError failure) {
            LOGGER.log(System.Logger.Level.WARNING, slower(name, failure), failure);
        }
    }

    private static String slower(ModelName name, Throwable reason) {
        return name + " stays slower than it could be, because it cannot be loaded again: " + reason.getMessage();
    }

    /**
     * Returns a classifier that is compiled.
     *
     * @param isShared true to leave half of the time to requests
     */
    private ImageClassifier fast(Facts model, boolean isShared) throws IOException {
        ImageClassifier classifier = builder(model).build();
        try {
            int size = classifier.transform().inputSize();
            for (int i = 0; i < WARM_UP_BATCHES; i++) {
                long start = System.nanoTime();
                classifier.predict(zeros(classifier, WARM_UP_IMAGES, Math.min(size, WARM_UP_SIZE)));
                if (isShared) {
                    LockSupport.parkNanos(System.nanoTime() - start);
                }
            }
            classifier.predict(zeros(classifier, 1, size));
            classifier.predict(zeros(classifier, batches.size(), size));
            return classifier;
        } catch (RuntimeException | Error failure) {
            classifier.close();
            throw failure;
        }
    }

    private static Tensor zeros(ImageClassifier classifier, int images, int size) {
        return Tensor.zeros(
                images, size, size, classifier.transform().normalization().channels());
    }

    private ImageClassifier.Builder builder(Facts model) {
        var builder = ImageClassifier.builder().model(model.path).threads(threads);
        return model.precision == Precision.BFLOAT16 ? builder.bfloat16() : builder;
    }

    /** Opens the classifier of a model. */
    private interface Opening {
        StagedClassifier open() throws IOException;
    }

    private ServedModel served(ModelName name, Facts model, Opening opening) throws IOException {
        budget.take(name + " (" + model.path + ")", model.bytes);
        StagedClassifier classifier = null;
        try {
            classifier = opening.open();
            return new ServedModel(
                    name,
                    model.precision,
                    model.bytes,
                    classifier,
                    lane,
                    batches,
                    (images, nanos) -> telemetry.computed(name.name(), name.version(), images, nanos),
                    () -> budget.give(model.bytes));
        } catch (IOException | RuntimeException | Error failure) {
            if (classifier != null) {
                classifier.close();
            }
            budget.give(model.bytes);
            throw failure;
        }
    }

    /** Reads the description of a model and the shapes of its weights. */
    private Facts facts(Path path) throws IOException {
        try (ModelFile file = ModelFolder.open(path, WeightOptions.defaults().withRemarks(_ -> {}))) {
            Precision precision =
                    ModelPlans.isQuantized(file) ? Precision.INT8 : bfloat16 ? Precision.BFLOAT16 : Precision.FLOAT32;
            Format format = precision == Precision.BFLOAT16 ? Format.BFLOAT16 : Format.FLOAT32;
            return new Facts(path, precision, ModelPlans.bytes(file, batches.size(), format));
        }
    }
}
