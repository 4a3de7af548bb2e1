package org.resnet4j.server.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.resnet4j.ImageClassifier;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.telemetry.Telemetry;
import org.resnet4j.tensor.Tensor;

/**
 * Loads models and runs them until the JVM has compiled them.
 *
 * @param threads the number of compute threads
 * @param bfloat16 true to compute in bfloat16, except quantized models
 * @param telemetry learns of each batch
 */
public record ModelLoader(ComputeLane lane, BatchSettings batches, int threads, boolean bfloat16, Telemetry telemetry) {
    /**
     * Loads a model from its folder or file.
     *
     * @throws IOException if a file is missing, cannot be read or is malformed; the message names it
     */
    public ServedModel load(ModelName name, Path path) throws IOException {
        Precision precision = isQuantized(path) ? Precision.INT8 : bfloat16 ? Precision.BFLOAT16 : Precision.FLOAT32;
        var builder = ImageClassifier.builder().model(path).threads(threads);
        ImageClassifier classifier = (precision == Precision.BFLOAT16 ? builder.bfloat16() : builder).build();
        try {
            int size = classifier.transform().inputSize();
            int channels = classifier.transform().normalization().channels();
            classifier.predict(Tensor.zeros(1, size, size, channels));
            classifier.predict(Tensor.zeros(batches.size(), size, size, channels));
            return new ServedModel(
                    name,
                    precision,
                    classifier,
                    lane,
                    batches,
                    (images, nanos) -> telemetry.computed(name.name(), name.version(), images, nanos));
        } catch (RuntimeException | Error failure) {
            classifier.close();
            throw failure;
        }
    }

    private static boolean isQuantized(Path path) throws IOException {
        return Files.isDirectory(path)
                ? ModelFolder.isQuantized(path)
                : ModelPlans.isQuantized(path, WeightOptions.defaults().withRemarks(_ -> {}));
    }
}
