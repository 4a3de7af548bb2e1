/**
 * Training: optimizer, learning rate, epochs, and checkpoints from which a run resumes with the same bits.
 *
 * <p>{@link org.resnet4j.training.loop.Trainer} runs the epochs and is independent of the arithmetic. A
 * {@link org.resnet4j.training.session.TrainingSession} computes the steps and is independent of the epochs;
 * {@link org.resnet4j.training.session.LayerTrainingSession} is the implementation in Java.
 */
@NullMarked
package org.resnet4j.training;

import org.jspecify.annotations.NullMarked;
