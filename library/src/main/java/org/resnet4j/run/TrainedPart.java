package org.resnet4j.run;

import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.training.loop.BatchSource;

/** The batches for the part of a network that a run trains. Closed after the run. */
public sealed interface TrainedPart extends AutoCloseable permits WholeNetwork, ClassifierAlone {
    /** Returns the training batches. */
    BatchSource training();

    /** Returns the validation batches. */
    BatchSource validation();

    /** Returns the training images that could not be read. */
    SkippedSamples trainingSkipped();

    /** Returns the validation images that could not be read. */
    SkippedSamples validationSkipped();

    @Override
    void close();
}
