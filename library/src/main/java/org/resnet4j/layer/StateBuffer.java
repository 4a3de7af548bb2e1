package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;

/**
 * A tensor that is part of a network's state but has no gradient: the running mean or variance of a normalization.
 *
 * @param name the path in the network, as in torchvision: {@code layer1.0.bn1.running_mean}
 * @param value the current value, updated in place by training
 */
public record StateBuffer(String name, Tensor value) {}
