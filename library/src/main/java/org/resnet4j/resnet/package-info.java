/**
 * Residual networks (He, Zhang, Ren and Sun, 2015: "Deep Residual Learning for Image Recognition").
 *
 * <p>A deep stack of layers is hard to train: the gradient that reaches the first layers has been through all the others.
 * A residual network is cut into {@linkplain org.resnet4j.resnet.ResidualBlock blocks} that compute
 * {@code y = relu(F(x) + S(x))}. The branch F is two or three convolutions; the {@linkplain org.resnet4j.resnet.Shortcut
 * shortcut} S hands the input on. The branch has to learn only what differs from the input, the residual, and the gradient
 * has a way around every branch.
 *
 * <p>Where to read on: {@link org.resnet4j.resnet.ResidualBlock} is the heart; {@link org.resnet4j.resnet.Shortcut} lists
 * what S can be; {@link org.resnet4j.resnet.ResNetSpec} describes a whole network as data;
 * {@link org.resnet4j.resnet.ResNets} is the catalogue; {@link org.resnet4j.resnet.ResNet} puts the blocks together.
 */
@NullMarked
package org.resnet4j.resnet;

import org.jspecify.annotations.NullMarked;
