package org.resnet4j.training;

import java.io.IOException;

/** Hears what happens in a run, on the run's own thread: a progress bar, a file of metrics. */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Called at every event, in order.
     *
     * @throws IOException to end the run, as when a file cannot be written
     */
    void on(TrainingEvent event) throws IOException;
}
