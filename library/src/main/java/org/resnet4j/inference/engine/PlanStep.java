package org.resnet4j.inference.engine;

import org.resnet4j.tensor.Shape;

/**
 * One step of a compiled network, for display.
 *
 * @param name the layer that it computes: {@code layer1.0.conv1}
 * @param kind the computation: {@code "conv 3x3 + shortcut + ReLU"}
 * @param algorithm the algorithm: {@code "winograd 4x4"}
 * @param outputShape the shape of the result, for the images for which the plan was compiled
 * @param multiplyAdds the multiply-adds by the definition, whatever the algorithm needs
 * @param weightBytes the size of its packed weights
 */
public record PlanStep(
        String name, String kind, String algorithm, Shape outputShape, long multiplyAdds, long weightBytes) {
    /** Returns this step with another algorithm. */
    public PlanStep withAlgorithm(String changed) {
        return new PlanStep(name, kind, changed, outputShape, multiplyAdds, weightBytes);
    }
}
