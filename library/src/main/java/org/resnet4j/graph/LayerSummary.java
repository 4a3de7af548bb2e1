package org.resnet4j.graph;

import org.resnet4j.tensor.Shape;

/**
 * One line of a network's description.
 *
 * @param name the layer's path: {@code layer1.0.conv1}
 * @param kind the kind of layer, for display: {@code conv 3x3, stride 2}
 * @param outputShape the shape of the result
 * @param parameters the number of trainable parameters, counting each element
 * @param multiplyAdds the multiply-adds of one forward pass of a convolution or linear layer; 0 for all others
 */
public record LayerSummary(String name, String kind, Shape outputShape, long parameters, long multiplyAdds) {}
