package org.resnet4j.inference.engine;

import org.resnet4j.tensor.Shape;

/**
 * One step of a compiled network, for people.
 *
 * @param name the layer that it computes: {@code layer1.0.conv1}
 * @param kind what it computes: {@code "conv 3x3 + shortcut + ReLU"}
 * @param algorithm how: {@code "winograd 4x4"}
 * @param outputShape for the images that the plan was compiled for
 * @param multiplyAdds by the definition, whatever the algorithm needs
 * @param weightBytes of its packed weights
 */
public record PlanStep(
        String name, String kind, String algorithm, Shape outputShape, long multiplyAdds, long weightBytes) {}
