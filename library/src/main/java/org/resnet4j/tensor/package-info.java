/**
 * Storage: {@link org.resnet4j.tensor.Shape} and {@link org.resnet4j.tensor.Tensor}, without arithmetic.
 *
 * <p>Images are NHWC: batch, rows, columns and channels, with the channels of a pixel adjacent in memory.
 */
@NullMarked
package org.resnet4j.tensor;

import org.jspecify.annotations.NullMarked;
