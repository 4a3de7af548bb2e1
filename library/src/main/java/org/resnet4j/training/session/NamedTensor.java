package org.resnet4j.training.session;

import org.resnet4j.tensor.Tensor;

/** The value of a parameter or buffer with its name. */
record NamedTensor(String name, Tensor tensor) {}
