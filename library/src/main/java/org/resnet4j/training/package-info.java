/**
 * Training: optimizer, learning rate, epochs, and checkpoints from which a run resumes with identical bits.
 *
 * <p>{@link org.resnet4j.training.loop.Trainer} runs the epochs; a
 * {@link org.resnet4j.training.session.TrainingSession} does the arithmetic.
 * {@link org.resnet4j.training.session.LayerTrainingSession} is the implementation in Java.
 */
@NullMarked
package org.resnet4j.training;

import org.jspecify.annotations.NullMarked;
