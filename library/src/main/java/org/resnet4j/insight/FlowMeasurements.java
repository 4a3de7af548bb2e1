package org.resnet4j.insight;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.dataset.loader.EndlessBatches;
import org.resnet4j.graph.Graph;
import org.resnet4j.image.Normalization;
import org.resnet4j.insight.GradientFlow.Weights;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Workspace;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;

/**
 * Measurements of the gradient flow of one network: initially, and again after some training steps.
 *
 * @param name the name of the network
 * @param moments the measurements, in the order of time
 * @param losses the loss of every training step; the last is not finite if the network diverged
 * @since 0.1.0
 */
public record FlowMeasurements(String name, List<Moment> moments, List<Double> losses) {
    private static final SessionSettings RECIPE = new SessionSettings(new Optimizer.Sgd(0.9, true, 5e-4, false));

    public FlowMeasurements {
        moments = List.copyOf(moments);
        losses = List.copyOf(losses);
    }

    /** Returns true if training ended with numbers that are not finite. */
    public boolean diverged() {
        return !Double.isFinite(losses.getLast());
    }

    /**
     * The measurement at one time.
     *
     * @param step the number of training steps before it
     * @param flow the gradient flow
     * @param updates the norm of each parameter's change in the next step, relative to the norm of the parameter
     */
    public record Moment(int step, GradientFlow flow, Map<String, Double> updates) {}

    /**
     * The training between the two measurements: SGD with Nesterov momentum, without augmentation.
     *
     * @param dataset the training set; stays the caller's to close
     * @param imageSize the rows and columns of the network's input, in pixels
     * @param normalization the normalization of the images
     * @param loading batch size, seed and threads
     * @param steps the number of steps; 0 for a single measurement
     * @param learningRate the learning rate, constant over the steps
     */
    public record Training(
            Dataset dataset,
            int imageSize,
            Normalization normalization,
            LoaderOptions loading,
            int steps,
            double learningRate) {}

    /**
     * Measures a network on the first batch, trains it, and measures it again on the same batch. The network is
     * modified.
     *
     * @param beforeStep a callback run before each step
     * @throws IOException if the dataset cannot be read
     */
    public static FlowMeasurements of(ResNet network, Training training, Compute compute, Runnable beforeStep)
            throws IOException {
        try (DataLoader loader = DataLoader.training(
                        training.dataset(),
                        training.imageSize(),
                        training.normalization(),
                        Augmentation.none(),
                        training.loading());
                var batches = new EndlessBatches(loader)) {
            return of(network, batches, training, compute, beforeStep);
        }
    }

    private static FlowMeasurements of(
            ResNet network, EndlessBatches batches, Training training, Compute compute, Runnable beforeStep)
            throws IOException {
        int least = Graph.of(network, training.imageSize()).smallestBatch();
        Batch measured = batches.next(least).copy();
        var workspace = new Workspace(compute);
        var session = new LayerTrainingSession(network, RECIPE, compute);
        var moments = new ArrayList<Moment>();
        var losses = new ArrayList<Double>();
        for (int step = 0; step <= training.steps(); step++) {
            boolean seen = step == 0 || step == training.steps();
            GradientFlow flow =
                    seen ? GradientFlow.measure(network, measured.images(), measured.labels(), workspace) : null;
            Map<String, float[]> before = seen ? values(network) : Map.of();
            beforeStep.run();
            Batch batch = batches.next(least);
            double loss = session.accumulate(batch, 1).loss();
            losses.add(loss);
            session.update(training.learningRate());
            if (flow != null) {
                moments.add(new Moment(step, flow, updates(flow, network, before)));
            }
            if (!Double.isFinite(loss)) {
                break;
            }
        }
        return new FlowMeasurements(network.spec().name(), moments, losses);
    }

    private static Map<String, float[]> values(ResNet network) {
        var values = new LinkedHashMap<String, float[]>();
        for (Parameter parameter : network.parameters()) {
            values.put(parameter.name(), parameter.value().array().clone());
        }
        return values;
    }

    private static Map<String, Double> updates(GradientFlow flow, ResNet network, Map<String, float[]> before) {
        var now = values(network);
        var updates = new LinkedHashMap<String, Double>();
        for (Weights weights : flow.weights()) {
            float[] old = before.getOrDefault(weights.name(), new float[0]);
            float[] changed = now.getOrDefault(weights.name(), new float[0]);
            double sum = 0;
            for (int i = 0; i < old.length; i++) {
                double difference = (double) changed[i] - old[i];
                sum += difference * difference;
            }
            updates.put(weights.name(), Math.sqrt(sum) / weights.value());
        }
        return updates;
    }
}
