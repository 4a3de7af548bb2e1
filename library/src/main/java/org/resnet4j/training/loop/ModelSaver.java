package org.resnet4j.training.loop;

import java.io.IOException;
import org.resnet4j.training.TrainingEvent.SavedModel;

/** Saves the network as a model for prediction. */
@FunctionalInterface
public interface ModelSaver {
    /**
     * Called while the network holds the weights used in validation: the averaged ones if the session averages. A run
     * that is killed and resumed may save the same epoch again, with the same weights.
     *
     * @param epoch counted from 1
     * @throws IOException to end the run
     */
    void save(SavedModel kind, int epoch) throws IOException;
}
