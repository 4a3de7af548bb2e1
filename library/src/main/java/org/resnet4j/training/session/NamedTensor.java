package org.resnet4j.training.session;

import org.resnet4j.tensor.Tensor;

/** A parameter's or a buffer's value under its name. */
record NamedTensor(String name, Tensor tensor) {}
