package org.resnet4j;

import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.training.TrainingResult;

/**
 * Result of a {@link TrainingRun}.
 *
 * @param result epochs, best validation and time
 * @param folder folder with the models and the files of the run
 * @param trainingSkipped training images that could not be read
 * @param validationSkipped validation images that could not be read
 * @since 0.1.0
 */
public record TrainingOutcome(
        TrainingResult result, RunFolder folder, SkippedSamples trainingSkipped, SkippedSamples validationSkipped) {}
