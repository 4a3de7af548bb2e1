/**
 * The front door: {@link org.resnet4j.TrainingRun} trains a network into a model folder,
 * {@link org.resnet4j.ImageClassifier} uses one, {@link org.resnet4j.Evaluation} measures it, and
 * {@link org.resnet4j.model.ModelFolder} saves and loads a trained network with all that is needed to use it.
 */
@NullMarked
package org.resnet4j;

import org.jspecify.annotations.NullMarked;
