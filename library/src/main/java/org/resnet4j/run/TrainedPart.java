package org.resnet4j.run;

import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.training.loop.BatchRunner;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.session.TrainingSession;

/** The batches for the part of a network that a run trains. Closed after the run. */
public interface TrainedPart extends AutoCloseable {
    /** Returns what computes the batches. */
    BatchRunner runner(TrainingSession session, TrainerSettings settings);

    /** Returns the training images that could not be read. */
    SkippedSamples trainingSkipped();

    /** Returns the validation images that could not be read. */
    SkippedSamples validationSkipped();

    @Override
    void close();
}
