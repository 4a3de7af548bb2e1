/**
 * Networks whose values are images with a halo, in the number format of an engine: bytes or bfloat16. What has no kernel
 * in the format is computed in float32 between two conversions.
 */
@NullMarked
package org.resnet4j.inference.padded;

import org.jspecify.annotations.NullMarked;
