/**
 * Convolution as a matrix product: panels of packed weights, the image windows that a tile reads, and the loops around
 * the product of rows with a panel.
 */
@NullMarked
package org.resnet4j.kernel.product;

import org.jspecify.annotations.NullMarked;
