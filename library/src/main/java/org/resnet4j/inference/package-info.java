/**
 * Prediction: {@link org.resnet4j.inference.InferencePlan} is a network compiled for it. Batch normalisation is folded into
 * the convolutions, shortcut and ReLU are part of them, weights are packed once, buffers are planned.
 */
@NullMarked
package org.resnet4j.inference;

import org.jspecify.annotations.NullMarked;
