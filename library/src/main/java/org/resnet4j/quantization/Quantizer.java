package org.resnet4j.quantization;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.model.Model;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.model.quantized.QuantizedFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Tensor;

/**
 * A quantizer of trained networks. It watches the values of the network while it predicts sample pictures, and chooses
 * the rule for their ranges by the error of the logits on pictures that it did not watch.
 */
public final class Quantizer {
    /** The share of the sample pictures by which the rule is chosen. */
    private static final int CHOOSING = 4;

    private final Model model;
    private final Compute compute;

    /**
     * @param model the trained model
     * @param compute the kernels and threads; stays the caller's to close
     */
    public Quantizer(Model model, Compute compute) {
        this.model = model;
        this.compute = compute;
    }

    /**
     * A quantized network.
     *
     * @param rule the rule for the ranges of the values, for display
     * @param error the error of the logits, relative to their size
     * @param layers the number of layers with weights
     * @param quantized the number of them that were quantized
     * @param samples the number of sample pictures
     */
    public record Result(
            Model model, Quantization quantization, String rule, double error, int layers, int quantized, int samples) {
        /**
         * Saves the network as a model folder.
         *
         * @throws IOException if the folder is not writable
         */
        public void save(Path folder) throws IOException {
            QuantizedFolder.save(
                    folder,
                    new ModelConfig(model.network().spec(), model.labels(), model.transform()),
                    model.network(),
                    quantization);
        }
    }

    /** Returns the names of the layers with weights. */
    public Set<String> layers() {
        return Calibration.layers(Graph.of(model.network(), model.transform().inputSize()));
    }

    /**
     * Quantizes the network.
     *
     * @param dataset sample pictures, such as those of the training
     * @param samples the number of pictures to use
     * @param kept the names of layers that stay in float32
     * @param loading the batch size, and the threads for decoding
     * @param progress receives the number of pictures of each batch
     * @throws IllegalArgumentException if there is no layer of a name
     * @throws IOException if no picture can be read
     */
    public Result quantize(Dataset dataset, int samples, Set<String> kept, LoaderOptions loading, IntConsumer progress)
            throws IOException {
        Set<String> layers = layers();
        var unknown = new TreeSet<>(kept);
        unknown.removeAll(layers);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "the network has no layer " + unknown.first() + "; its layers are " + String.join(", ", layers));
        }
        ResNet network = model.network();
        var calibration = new Calibration(Graph.of(network, model.transform().inputSize()), compute);
        var held = new ArrayList<Tensor>();
        int count =
                watch(new EvenSample(dataset, Math.min(samples, dataset.size())), loading, calibration, held, progress);
        Calibration.Rule best = Calibration.Rule.MIN_MAX;
        double least = Double.POSITIVE_INFINITY;
        List<float[]> expected = logits(plan(), held);
        for (Calibration.Rule rule : Calibration.Rule.values()) {
            double error = error(expected, logits(plan(calibration.quantization(rule, kept)), held));
            if (error < least) {
                least = error;
                best = rule;
            }
        }
        String rule = best.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        Quantization quantization = calibration.quantization(best, kept);
        return new Result(model, quantization, rule, least, layers.size(), layers.size() - kept.size(), count);
    }

    /** Predicts the samples; every fourth batch is held back. Returns the number of pictures that could be read. */
    private int watch(
            Dataset samples, LoaderOptions loading, Calibration calibration, List<Tensor> held, IntConsumer progress)
            throws IOException {
        int count = 0;
        int batches = 0;
        try (DataLoader loader = DataLoader.evaluation(samples, model.transform(), loading);
                BatchStream stream = loader.epoch(0)) {
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                // The first batch is watched and held back, in case there is no other.
                if (batches % CHOOSING == 0) {
                    held.add(batch.images().copy());
                }
                if (batches % CHOOSING != 0 || batches == 0) {
                    calibration.add(batch.images());
                }
                batches++;
                count += batch.size();
                progress.accept(batch.size());
            }
        }
        return count;
    }

    private PlanOptions options() {
        int size = model.transform().inputSize();
        return new PlanOptions(compute, 1, size, size);
    }

    private InferencePlan plan() {
        return InferencePlan.compile(model.network(), options());
    }

    private InferencePlan plan(Quantization quantization) {
        return InferencePlan.compile(model.network(), options(), quantization);
    }

    private static List<float[]> logits(InferencePlan plan, List<Tensor> batches) {
        return batches.stream().map(images -> plan.predict(images).array()).toList();
    }

    private static double error(List<float[]> expected, List<float[]> actual) {
        double squares = 0;
        double total = 0;
        for (int batch = 0; batch < expected.size(); batch++) {
            for (int i = 0; i < expected.get(batch).length; i++) {
                double difference = actual.get(batch)[i] - expected.get(batch)[i];
                squares += difference * difference;
                total += expected.get(batch)[i] * expected.get(batch)[i];
            }
        }
        return Math.sqrt(squares / total);
    }
}
