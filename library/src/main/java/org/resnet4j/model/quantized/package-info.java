/** Quantized networks in model folders: weights of 8 bits, their scales, and the scales of the values. */
@NullMarked
package org.resnet4j.model.quantized;

import org.jspecify.annotations.NullMarked;
