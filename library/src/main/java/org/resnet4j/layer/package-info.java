/**
 * The layers of a network: convolution, batch normalization, ReLU, pooling, linear layers and their sequence.
 *
 * <p>A {@link org.resnet4j.layer.Layer} owns its parameters and nothing else. The forward pass saves tensors for the
 * backward pass on a {@link org.resnet4j.layer.Tape} that the caller owns. Buffers come from a
 * {@link org.resnet4j.layer.Workspace}.
 */
@NullMarked
package org.resnet4j.layer;

import org.jspecify.annotations.NullMarked;
