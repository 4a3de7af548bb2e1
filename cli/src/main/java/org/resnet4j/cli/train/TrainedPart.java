package org.resnet4j.cli.train;

import java.util.List;
import org.resnet4j.dataset.loader.SkippedSamples;
import org.resnet4j.training.BatchSource;

/** The batches for the part of a network that a run trains. To be closed after the run. */
sealed interface TrainedPart extends AutoCloseable permits WholeNetwork, ClassifierAlone {
    BatchSource training();

    BatchSource validation();

    /** What a step waits for, in a word. */
    String awaited();

    /** The images that could not be read: of those to train on, and of those to validate with. */
    List<SkippedSamples> skipped();

    @Override
    void close();
}
