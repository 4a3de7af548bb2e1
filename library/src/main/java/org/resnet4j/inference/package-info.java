/**
 * Prediction: {@link org.resnet4j.inference.InferencePlan} is a network compiled for it by one of the engines, whose seam is
 * {@code org.resnet4j.inference.engine}.
 */
@NullMarked
package org.resnet4j.inference;

import org.jspecify.annotations.NullMarked;
