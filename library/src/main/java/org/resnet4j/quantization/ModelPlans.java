package org.resnet4j.quantization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanMemory;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.NetworkSource;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.tensor.Tensor.Format;
import org.resnet4j.weights.MalformedFileException;

/** The compilation of models in any number format. */
public final class ModelPlans {
    private ModelPlans() {}

    /**
     * Checks that a network can be computed in a number format.
     *
     * @throws MalformedFileException if its weights are quantized and the format is not that of its file
     */
    public static void check(NetworkSource source, Format format) throws MalformedFileException {
        if (format != Format.FLOAT32 && source instanceof ModelFile file && file.weights() instanceof Quantized) {
            throw new MalformedFileException(
                    file.path(),
                    "the weights are 8-bit integers, and are not computed in bfloat16; use the model that was"
                            + " quantized");
        }
    }

    /**
     * Compiles a network in the number format of the options, or in 8-bit integers if its file is quantized.
     *
     * @throws UncheckedIOException if the file cannot be read, or its numbers cannot be computed with
     */
    public static InferencePlan compile(NetworkSource source, PlanOptions options) {
        if (!(source instanceof ModelFile file && file.weights() instanceof Quantized quantized)) {
            return InferencePlan.compile(source.network(), options);
        }
        try {
            return InferencePlan.compile(file.network(), options, quantized.openQuantization());
        } catch (IllegalArgumentException impossible) {
            throw new UncheckedIOException(
                    new MalformedFileException(file.path(), String.valueOf(impossible.getMessage())));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Returns true if a model folder or a weight file has a quantized network.
     *
     * @throws IOException if it cannot be read, or is malformed
     */
    public static boolean isQuantized(Path model, WeightOptions options) throws IOException {
        try (ModelFile file = ModelFolder.open(model, options)) {
            return isQuantized(file);
        }
    }

    /** Returns true if a network is quantized. */
    public static boolean isQuantized(ModelFile file) {
        return file.weights() instanceof Quantized;
    }

    /**
     * Returns the bytes that a plan for batches of images of the usual size will take, about, without reading the weights.
     *
     * @param format the number format if the network is not quantized
     */
    public static long bytes(ModelFile file, int batch, Format format) {
        int size = file.transform().inputSize();
        try (Compute kernels = Compute.best(1)) {
            var options = new PlanOptions(kernels, batch, size, size).withFormat(format);
            return PlanMemory.of(file.network(), options, isQuantized(file)).bytes();
        }
    }

    /** Returns the name of the kernels for bfloat16, for display. */
    public static String bfloat16Kernels() {
        return KernelLookup.bfloat16().name();
    }

    /** Returns the name of the kernel that quantized networks use, for display. */
    public static String int8Kernels() {
        return KernelLookup.int8().name();
    }
}
