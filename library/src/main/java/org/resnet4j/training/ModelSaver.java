package org.resnet4j.training;

import java.io.IOException;

/** Saves the network as a model that predicts. */
@FunctionalInterface
public interface ModelSaver {
    /** Which network it is. */
    enum Kind {
        /** Validated better than all before; may come again. */
        BEST,
        /** The last of a complete run; comes once. */
        LAST
    }

    /**
     * Called while the network holds the weights that validation uses: the averaged ones where the session averages. A
     * run that is killed and resumed may save the same epoch again, with the same weights.
     *
     * @param epoch counted from 1
     * @throws IOException to end the run
     */
    void save(Kind kind, int epoch) throws IOException;
}
