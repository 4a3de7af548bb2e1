/**
 * The state of a residual network, which is its parameters and running statistics, to and from named tensors.
 *
 * <p>{@link org.resnet4j.resnet.state.ResNetState} copies the state of a network and loads one, and a
 * {@link org.resnet4j.resnet.state.LoadReport} lists the tensors that did not fit.
 * {@link org.resnet4j.resnet.state.ResNetIdentifier} finds the network to which tensors belong by their names and shapes.
 */
@NullMarked
package org.resnet4j.resnet.state;

import org.jspecify.annotations.NullMarked;
