/** Convolution as a matrix product: panels of packed weights, register tiles, and the windows of an image that a tile reads. */
@NullMarked
package org.resnet4j.kernel.vector.product;

import org.jspecify.annotations.NullMarked;
