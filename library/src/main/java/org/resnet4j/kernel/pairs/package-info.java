/** Kernels that compute on feature maps in bfloat16 by instructions for pairs of numbers. */
@NullMarked
package org.resnet4j.kernel.pairs;

import org.jspecify.annotations.NullMarked;
