/**
 * Convolution as a matrix product: panels of packed weights, register tiles, and the image windows that a tile reads.
 */
@NullMarked
package org.resnet4j.kernel.vector.product;

import org.jspecify.annotations.NullMarked;
