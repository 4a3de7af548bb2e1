package org.resnet4j.training.loop;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;

/** Source of a run's batches. A batch is a pure function of its epoch and its position in the epoch. */
public interface BatchSource {
    /** Returns the number of batches in an epoch. */
    int batchesPerEpoch();

    /**
     * Opens an epoch at one of its batches.
     *
     * @param epoch counted from 0
     * @param firstBatch first batch to read, counted from 0
     * @throws IOException if the data cannot be read; the message names the file
     */
    Batches open(int epoch, int firstBatch) throws IOException;

    /** The batches of an epoch in order, for one thread. */
    interface Batches extends AutoCloseable {
        /**
         * Returns the next batch, or null after the last. It may reuse the storage of the previous batch. A batch
         * without a readable image is returned as an empty batch, so that the positions in the epoch do not change.
         *
         * @throws IOException if the data cannot be read; the message names the file
         */
        @Nullable
        Batch next() throws IOException;

        @Override
        void close() throws IOException;
    }
}
