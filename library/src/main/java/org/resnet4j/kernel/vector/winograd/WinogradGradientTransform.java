package org.resnet4j.kernel.vector.winograd;

/** A filtering by which the gradient to the weights can be computed as well. */
public interface WinogradGradientTransform extends WinogradTransform, WinogradGradientPasses {}
