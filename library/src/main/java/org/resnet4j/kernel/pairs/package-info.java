/**
 * Kernels for feature maps of {@link org.resnet4j.kernel.BFloat16Pairs} that multiply pairs: a feature map is read as one
 * of floats with half the channels.
 */
@NullMarked
package org.resnet4j.kernel.pairs;

import org.jspecify.annotations.NullMarked;
