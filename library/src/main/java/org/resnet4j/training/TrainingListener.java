package org.resnet4j.training;

import java.io.IOException;

/** Listener for the events of a run, called on the run's thread: a progress bar, a metrics file. */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Handles an event. Events arrive in order.
     *
     * @throws IOException to end the run, for example if a file cannot be written
     */
    void on(TrainingEvent event) throws IOException;
}
