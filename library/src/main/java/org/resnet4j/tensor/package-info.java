/**
 * Storage: {@link org.resnet4j.tensor.Shape} and {@link org.resnet4j.tensor.Tensor}, without any arithmetic.
 *
 * <p>Images are NHWC: the batch first, then rows, columns and channels, the channels next to each other in memory.
 */
@NullMarked
package org.resnet4j.tensor;

import org.jspecify.annotations.NullMarked;
