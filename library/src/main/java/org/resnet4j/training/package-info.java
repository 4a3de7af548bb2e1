/**
 * Training: optimiser, learning rate, the epochs, and checkpoints from which a run goes on with the same bits.
 *
 * <p>{@link org.resnet4j.training.loop.Trainer} runs the epochs and knows no arithmetic; a
 * {@link org.resnet4j.training.TrainingSession} does the arithmetic and knows no epochs;
 * {@link org.resnet4j.training.LayerTrainingSession} is the one in Java.
 */
@NullMarked
package org.resnet4j.training;

import org.jspecify.annotations.NullMarked;
