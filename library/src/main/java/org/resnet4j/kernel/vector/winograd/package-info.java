/** Winograd convolution with 3x3 windows: transforms of tiles, packed weights, and the products between them. */
@NullMarked
package org.resnet4j.kernel.vector.winograd;

import org.jspecify.annotations.NullMarked;
