package org.resnet4j.training.loop;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;

/** Where a run's batches come from. The batches are a pure function of the epoch and of their place in it. */
public interface BatchSource {
    /** How many batches an epoch has. */
    int batchesPerEpoch();

    /**
     * Opens an epoch at one of its batches.
     *
     * @param epoch counted from 0
     * @param firstBatch the first batch that is wanted, counted from 0
     * @throws IOException if the data cannot be read; the message names the file
     */
    Batches open(int epoch, int firstBatch) throws IOException;

    /** The batches of an epoch in order, for one thread. */
    interface Batches extends AutoCloseable {
        /**
         * The next batch, or null after the last. It may use the storage of the one before, which is done with. A batch
         * of which no image can be read comes as an empty one, so that places in the epoch stay what they are.
         *
         * @throws IOException if the data cannot be read; the message names the file
         */
        @Nullable
        Batch next() throws IOException;

        @Override
        void close() throws IOException;
    }
}
