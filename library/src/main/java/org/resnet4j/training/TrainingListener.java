package org.resnet4j.training;

import java.io.IOException;

/**
 * A listener for the events of a run, such as a progress bar or a metrics file. It is called on the run's own thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Handles an event. Events come in order.
     *
     * @throws IOException to end the run, for example if a file cannot be written
     */
    void on(TrainingEvent event) throws IOException;
}
