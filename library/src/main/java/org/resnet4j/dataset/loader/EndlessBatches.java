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
     * Returns the next batch of at least {@code least} images. This call releases the previous batch.
     *
     * @throws IOException if an epoch has no such batch, or an image cannot be read and the loader is strict
     */
    public Batch next(int least) throws IOException {
        for (int ended = 0; ended < 2; ended++) {
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                if (batch.size() >= least) {
                    return batch;
                }
            }
            stream.close();
            stream = loader.epoch(++epoch);
        }
        throw new IOException("there are not enough readable images for one batch");
    }

    @Override
    public void close() {
        stream.close();
    }
}
