package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.function.IntFunction;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Closeness;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;

/** The logits, every gradient and every running statistic of one training step. */
record Step(float[] scores, HashMap<String, float[]> state) {
    static Step of(ResNet network, Tensor images, Kernels kernels, int threads) {
        try (var workers = new Workers(threads)) {
            return of(network, images, new Tape(new Workspace(new Compute(kernels, workers))));
        }
    }

    static Step of(ResNet network, Tensor images, Tape tape) {
        return of(
                network,
                images,
                size -> new RandomArrays(12)
                        .normal(size, 0, 1.0 / images.shape().extent(0)),
                tape);
    }

    /**
     * Computes a step.
     *
     * @param gradients returns the gradient of the loss by the logits, of which there are so many
     */
    static Step of(ResNet network, Tensor images, IntFunction<float[]> gradients, Tape tape) {
        Tensor logits = network.forward(images, tape);
        float[] scores = logits.copy().array();
        float[] gradient = gradients.apply(logits.size());
        network.backward(Tensor.wrap(gradient, logits.shape()), tape);
        assertTrue(tape.isEmpty(), "backward takes back all that forward saved");
        var state = new HashMap<String, float[]>();
        for (Parameter parameter : network.parameters()) {
            state.put(
                    "gradient of " + parameter.name(),
                    parameter.gradient().copy().array());
        }
        for (StateBuffer buffer : network.buffers()) {
            state.put(buffer.name(), buffer.value().copy().array());
        }
        return new Step(scores, state);
    }

    /** Asserts that another step has the same bits. */
    void assertSameBits(Step other, String message) {
        Closeness.assertSameBits(scores, other.scores, message);
        state.forEach((name, values) ->
                Closeness.assertSameBits(values, other.state.getOrDefault(name, new float[0]), name + ", " + message));
    }
}
