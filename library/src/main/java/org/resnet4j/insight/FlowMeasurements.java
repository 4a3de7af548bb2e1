package org.resnet4j.insight;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.insight.GradientFlow.Weights;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Workspace;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.LayerTrainingSession;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;

/**
 * Measurements of the gradient flow of one network: at the beginning, and again after some steps of training.
 *
 * @param name of the network
 * @param moments in the order of time
 * @param losses of every step of training; the last is not finite where the network diverged
 */
public record FlowMeasurements(String name, List<Moment> moments, List<Double> losses) {
    private static final SessionSettings RECIPE = new SessionSettings(new Optimizer.Sgd(0.9, true, 5e-4, false));

    public FlowMeasurements {
        moments = List.copyOf(moments);
        losses = List.copyOf(losses);
    }

    /** Returns true if training ended in numbers that are not finite. */
    public boolean diverged() {
        return !Double.isFinite(losses.getLast());
    }

    /**
     * One moment.
     *
     * @param step how many steps of training lie before it
     * @param updates by how much the next step changes each parameter, relative to its norm
     */
    public record Moment(int step, GradientFlow flow, Map<String, Double> updates) {}

    /** A source of batches to train on. */
    @FunctionalInterface
    public interface Batches {
        /** Returns the next batch. */
        Batch next() throws IOException;
    }

    /**
     * Measures a network on a batch, trains it for some steps with SGD and Nesterov momentum, and measures it again. The network
     * is changed.
     *
     * @param measured the batch of the measurements
     * @param steps 0 for a single measurement
     */
    public static FlowMeasurements of(
            ResNet network, Batch measured, Batches training, int steps, double learningRate, Compute compute)
            throws IOException {
        var workspace = new Workspace(compute);
        var session = new LayerTrainingSession(network, RECIPE, compute);
        var moments = new ArrayList<Moment>();
        var losses = new ArrayList<Double>();
        for (int step = 0; step <= steps; step++) {
            boolean seen = step == 0 || step == steps;
            GradientFlow flow =
                    seen ? GradientFlow.measure(network, measured.images(), measured.labels(), workspace) : null;
            Map<String, float[]> before = seen ? values(network) : Map.of();
            Batch batch = training.next();
            double loss = session.accumulate(batch, 1).loss();
            losses.add(loss);
            session.update(learningRate);
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
