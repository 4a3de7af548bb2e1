/**
 * The entry points: {@link org.resnet4j.TrainingRun} trains a network into a model folder,
 * {@link org.resnet4j.ImageClassifier} predicts with it, {@link org.resnet4j.Evaluation} measures its accuracy, and
 * {@link org.resnet4j.model.ModelFolder} saves and loads a trained network with everything needed to use it.
 */
@NullMarked
package org.resnet4j;

import org.jspecify.annotations.NullMarked;
