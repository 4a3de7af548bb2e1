/**
 * Prediction. An {@link org.resnet4j.inference.InferencePlan} is a network compiled by an engine;
 * {@code org.resnet4j.inference.engine} is the interface for engines.
 */
@NullMarked
package org.resnet4j.inference;

import org.jspecify.annotations.NullMarked;
