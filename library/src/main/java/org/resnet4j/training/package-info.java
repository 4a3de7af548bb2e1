/**
 * The settings, the events and the results of training. {@link org.resnet4j.training.TrainingRecipe} holds the
 * settings: optimizer, learning rate, epochs. {@link org.resnet4j.training.TrainingEvent} is what a run reports, and
 * {@link org.resnet4j.training.TrainingResult} what it ends with. To train, see {@link org.resnet4j.TrainingRun}.
 */
@NullMarked
package org.resnet4j.training;

import org.jspecify.annotations.NullMarked;
