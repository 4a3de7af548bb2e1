/**
 * Networks with values and weights in bfloat16. Products are summed in float32, and the operations folded into a
 * convolution are computed in float32 before its result is rounded. Features and logits are float32.
 */
@NullMarked
package org.resnet4j.inference.bfloat16;

import org.jspecify.annotations.NullMarked;
