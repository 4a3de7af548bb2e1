package org.resnet4j.weights;

import java.io.Closeable;

/** An open file of tensors. For one thread at a time. */
public interface TensorFile extends TensorSource, Closeable {}
