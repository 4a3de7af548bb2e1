package org.resnet4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.resnet4j.ImageClassifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classifiers of this process, one for each model, shared by all tasks.
 *
 * <p>A classifier has no threads and no open files, so that it needs no closing. It is softly reachable between tasks:
 * it survives the pauses between jobs and the batches of a stream, and the garbage collector drops it when memory is
 * short or when it was not used for a long time. A task that comes later loads the model again.
 */
final class ExecutorModels {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExecutorModels.class);

    private static final Map<String, SoftReference<ImageClassifier>> LOADED = new HashMap<>();
    private static int loads;

    private ExecutorModels() {}

    /** Returns the classifier of a model; the first task loads it, while other tasks wait. */
    static ImageClassifier of(Broadcast<ModelBytes> model) {
        ModelBytes bytes = model.value();
        synchronized (LOADED) {
            SoftReference<ImageClassifier> reference = LOADED.get(bytes.id());
            ImageClassifier known = reference == null ? null : reference.get();
            return known != null ? known : load(bytes);
        }
    }

    private static ImageClassifier load(ModelBytes bytes) {
        LOADED.values().removeIf(reference -> reference.get() == null);
        try {
            ImageClassifier classifier = bytes.open();
            LOADED.put(bytes.id(), new SoftReference<>(classifier));
            loads++;
            LOGGER.info("loaded the model {} ({})", classifier.spec().name(), bytes.id());
            return classifier;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns how often a model was loaded in this process. */
    static int loads() {
        synchronized (LOADED) {
            return loads;
        }
    }
}
