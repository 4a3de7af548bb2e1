package org.resnet4j.dataset.loader;

import java.io.IOException;

/** The batches of a loader, one epoch after another without end. */
public final class EndlessBatches implements AutoCloseable {
    private final DataLoader loader;
    private int epoch;
    private BatchStream stream;

    /** Starts with the first epoch of a loader, which the caller must close. */
    public EndlessBatches(DataLoader loader) {
        this.loader = loader;
        this.stream = loader.epoch(0);
    }

    /**
     * Returns the next batch. This call releases the previous batch.
     *
     * @throws IOException if an epoch has no batch, or an image cannot be read and the loader is strict
     */
    public Batch next() throws IOException {
        Batch batch = stream.next();
        if (batch == null) {
            stream.close();
            stream = loader.epoch(++epoch);
            batch = stream.next();
        }
        if (batch == null) {
            throw new IOException("there are not enough readable images for one batch");
        }
        return batch;
    }

    @Override
    public void close() {
        stream.close();
    }
}
