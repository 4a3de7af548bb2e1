package org.resnet4j.quantization;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.model.Model;
import org.resnet4j.tensor.Tensor;

/**
 * A quantizer of trained networks. It observes the values of the network while it predicts sample pictures, and holds
 * some of the pictures back to measure the error of the logits on them.
 */
public final class Quantizer {
    /** One batch of so many is held back. */
    private static final int HELD_BACK = 4;

    private final Model model;
    private final Compute compute;

    /**
     * @param model the trained model
     * @param compute the kernels and threads; stays the caller's to close, after the last use of the calibrated network
     */
    public Quantizer(Model model, Compute compute) {
        this.model = model;
        this.compute = compute;
    }

    /** Returns the names of the layers with weights. */
    public Set<String> layers() {
        return Calibration.layers(Graph.of(model.network(), model.transform().inputSize()));
    }

    /**
     * Rejects names of layers that cannot stay in float32.
     *
     * @throws IllegalArgumentException if there is no layer of a name, or no other layer
     */
    public void check(Set<String> kept) {
        check(layers(), kept);
    }

    static void check(Set<String> layers, Set<String> kept) {
        var unknown = new TreeSet<>(kept);
        unknown.removeAll(layers);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "the network has no layer " + unknown.first() + "; its layers are " + String.join(", ", layers));
        }
        if (kept.size() == layers.size()) {
            throw new IllegalArgumentException("all " + layers.size() + " layers of the network stay in float32");
        }
    }

    /**
     * Observes the values of the network while it predicts sample pictures.
     *
     * @param dataset sample pictures, such as those of the training
     * @param samples the number of pictures to use
     * @param loading the batch size, and the threads for decoding
     * @param progress receives the number of pictures of each batch
     * @throws IOException if no picture can be read
     */
    public CalibratedNetwork calibrate(Dataset dataset, int samples, LoaderOptions loading, IntConsumer progress)
            throws IOException {
        var calibration =
                new Calibration(Graph.of(model.network(), model.transform().inputSize()), compute);
        var held = new ArrayList<Tensor>();
        int count =
                watch(new EvenSample(dataset, Math.min(samples, dataset.size())), loading, calibration, held, progress);
        return new CalibratedNetwork(model, compute, layers(), calibration, held, count);
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
                if (batches % HELD_BACK == 0) {
                    held.add(batch.images().copy());
                }
                if (batches % HELD_BACK != 0 || batches == 0) {
                    calibration.add(batch.images());
                }
                batches++;
                count += batch.size();
                progress.accept(batch.size());
            }
        }
        return count;
    }
}
