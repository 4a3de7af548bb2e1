/**
 * The parts of a network: convolution, batch normalization, ReLU, pooling, linear, and their sequence.
 *
 * <p>A {@link org.resnet4j.layer.Layer} owns its parameters and nothing else. Forward saves tensors for
 * backward on a {@link org.resnet4j.layer.Tape} that the caller owns; buffers come from a {@link org.resnet4j.layer.Workspace}.
 */
@NullMarked
package org.resnet4j.layer;

import org.jspecify.annotations.NullMarked;
