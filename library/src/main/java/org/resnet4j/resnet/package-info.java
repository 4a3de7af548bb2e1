/**
 * Residual networks (He, Zhang, Ren and Sun, 2015: "Deep Residual Learning for Image Recognition", the first paper;
 * 2016: "Identity Mappings in Deep Residual Networks", the second paper).
 *
 * <p>A deep stack of layers is hard to train, because the gradient passes through all other layers before it reaches
 * the first ones. A residual network consists of {@linkplain org.resnet4j.resnet.ResidualBlock blocks} that compute
 * {@code y = relu(F(x) + S(x))}. The branch F is two or three convolutions; the
 * {@linkplain org.resnet4j.resnet.Shortcut shortcut} S passes the input on. The branch only has to learn the difference
 * from the input, the residual, and the gradient has a path around every branch.
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="build"}
 *
 * <p>Start with {@link org.resnet4j.resnet.ResidualBlock}, the center of the package.
 * {@link org.resnet4j.resnet.Shortcut} lists the forms of S, {@link org.resnet4j.resnet.ResNetSpec} describes a whole
 * network as data, {@link org.resnet4j.resnet.ResNets} is the catalog, and {@link org.resnet4j.resnet.ResNet} assembles
 * the blocks.
 */
@NullMarked
package org.resnet4j.resnet;

import org.jspecify.annotations.NullMarked;
