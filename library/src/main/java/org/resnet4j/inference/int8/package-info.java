/**
 * Networks with values of 8 bits: unsigned bytes with a scale and a zero point between the layers, and signed weights
 * with a scale for each output channel. What has no kernel for bytes is computed in float32 between two conversions.
 */
@NullMarked
package org.resnet4j.inference.int8;

import org.jspecify.annotations.NullMarked;
