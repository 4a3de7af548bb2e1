/**
 * Names and tensors, independent of networks. A {@link org.resnet4j.weights.TensorSource} is an open file of any format,
 * or a {@link org.resnet4j.weights.StateDict} in memory. To open a file, see {@link org.resnet4j.model.WeightFiles}.
 */
@NullMarked
package org.resnet4j.weights;

import org.jspecify.annotations.NullMarked;
