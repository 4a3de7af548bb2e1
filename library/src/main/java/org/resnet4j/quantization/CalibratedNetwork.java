package org.resnet4j.quantization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.model.Model;
import org.resnet4j.tensor.Tensor;

/** A trained network whose values were observed, and which can be quantized with any of its layers in float32. */
public final class CalibratedNetwork {
    private final Model model;
    private final Compute compute;
    private final Set<String> layers;
    private final Calibration calibration;
    private final int samples;

    /** Batches that were held back, and their logits in float32. */
    private final List<Tensor> held;

    private final List<float[]> expected;

    CalibratedNetwork(
            Model model, Compute compute, Set<String> layers, Calibration calibration, List<Tensor> held, int samples) {
        this.model = model;
        this.compute = compute;
        this.layers = layers;
        this.calibration = calibration;
        this.held = List.copyOf(held);
        this.samples = samples;
        this.expected = logits(InferencePlan.compile(model.network(), options()));
    }

    /**
     * The effect of a layer.
     *
     * @param layer the name
     * @param error the error of the logits if only the weights of this layer are quantized, relative to their size;
     *     infinite if that is not possible
     */
    public record Sensitivity(String layer, double error) {}

    /** Returns the number of layers with weights. */
    public int layers() {
        return layers.size();
    }

    /**
     * Quantizes the network, by the rule for the ranges of its values that gives the smallest error of the logits.
     *
     * @param kept the names of layers that stay in float32
     * @throws IllegalArgumentException if there is no layer of a name, or no other layer
     * @throws UnquantizableException if no rule gives numbers that can be computed with
     */
    public QuantizedNetwork quantize(Set<String> kept) throws UnquantizableException {
        Quantizer.check(layers, kept);
        Calibration.Rule best = null;
        double least = Double.POSITIVE_INFINITY;
        UnquantizableException failure = null;
        for (Calibration.Rule rule : Calibration.Rule.values()) {
            try {
                double error = error(calibration.quantization(rule, kept));
                if (best == null || error < least) {
                    least = error;
                    best = rule;
                }
            } catch (UnquantizableException impossible) {
                failure = impossible;
            }
        }
        if (best == null) {
            throw Objects.requireNonNull(failure);
        }
        var inOrder = new LinkedHashSet<>(layers);
        inOrder.retainAll(kept);
        return new QuantizedNetwork(
                model,
                calibration.quantization(best, kept),
                best.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                least,
                layers.size(),
                List.copyOf(inOrder),
                samples);
    }

    /**
     * Returns the layers, the most sensitive first, and in the order of computation if they are equal.
     *
     * @param kept the names of layers that are left out
     * @param progress receives 1 for each layer
     */
    public List<Sensitivity> sensitivities(Set<String> kept, IntConsumer progress) {
        var found = new ArrayList<Sensitivity>();
        for (String layer : layers) {
            if (!kept.contains(layer)) {
                var others = new LinkedHashSet<>(layers);
                others.remove(layer);
                found.add(new Sensitivity(layer, errorWithout(others)));
                progress.accept(1);
            }
        }
        found.sort(Comparator.comparingDouble(Sensitivity::error).reversed());
        return found;
    }

    private double errorWithout(Set<String> kept) {
        try {
            return error(calibration.quantization(Calibration.Rule.MIN_MAX, kept));
        } catch (UnquantizableException impossible) {
            return Double.POSITIVE_INFINITY;
        }
    }

    private PlanOptions options() {
        int size = model.transform().inputSize();
        return new PlanOptions(compute, 1, size, size);
    }

    private InferencePlan plan(Quantization quantization) throws UnquantizableException {
        try {
            return InferencePlan.compile(model.network(), options(), quantization);
        } catch (IllegalArgumentException impossible) {
            throw new UnquantizableException(impossible);
        }
    }

    private List<float[]> logits(InferencePlan plan) {
        return held.stream().map(images -> plan.predict(images).array()).toList();
    }

    /** Returns the error of the logits of the images that were held back, relative to their size. */
    private double error(Quantization quantization) throws UnquantizableException {
        List<float[]> actual = logits(plan(quantization));
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
