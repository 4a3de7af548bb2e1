/**
 * Conversion of the state of a residual network, its parameters and running statistics, to and from named tensors.
 *
 * <p>{@link org.resnet4j.resnet.state.ResNetState} copies and loads the state of a network. A
 * {@link org.resnet4j.resnet.state.LoadReport} lists the tensors that do not match.
 * {@link org.resnet4j.resnet.state.ResNetIdentifier} identifies the network to which tensors belong by their names and
 * shapes.
 */
@NullMarked
package org.resnet4j.resnet.state;

import org.jspecify.annotations.NullMarked;
