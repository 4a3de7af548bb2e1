package org.resnet4j.kernel.vector.winograd;

/** A transform that also computes the weight gradient. */
public interface WinogradGradientTransform extends WinogradTransform, WinogradGradientPasses {}
