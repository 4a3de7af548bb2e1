/**
 * The entry points. {@link org.resnet4j.ImageClassifier} predicts with a trained model:
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="classify"}
 *
 * {@link org.resnet4j.TrainingRun} trains a network on pictures and writes a model folder:
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="train"}
 *
 * {@link org.resnet4j.Evaluation} measures the accuracy of a model:
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="evaluate"}
 *
 * <p>A model folder contains a network and everything needed to use it; {@link org.resnet4j.model.ModelFolder} saves and
 * loads it. {@link org.resnet4j.resnet} has the networks themselves.
 */
@NullMarked
package org.resnet4j;

import org.jspecify.annotations.NullMarked;
