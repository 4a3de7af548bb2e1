package org.resnet4j.layer;

import org.resnet4j.tensor.Shape;

/**
 * One line of a network's description.
 *
 * @param name the layer's path: {@code layer1.0.conv1}
 * @param kind what it is, in words: {@code conv 3x3, stride 2}
 * @param outputShape the shape of its result
 * @param parameters how many trainable numbers it has
 * @param multiplyAdds multiply-adds of one forward pass of convolutions and linear layers; 0 for all others
 */
public record LayerSummary(String name, String kind, Shape outputShape, long parameters, long multiplyAdds) {}
