package org.resnet4j.run;

import java.io.IOException;

/** Machines that compute the batches of a run in place of this process. */
@FunctionalInterface
public interface Cluster {
    /**
     * Opens the data on the machines.
     *
     * @throws IOException if the machines cannot compute this run
     */
    TrainedPart open(TrainingJob job) throws IOException;
}
