package org.resnet4j.dataset.loader;

import org.jspecify.annotations.Nullable;

/**
 * The assignment of samples to the batches of an epoch.
 *
 * @param epoch the number of the epoch
 * @param order the indices of the samples in their order; null for 0, 1, 2 …
 * @param samples the number of samples
 * @param batchSize the number of samples in a full batch
 * @param batches the number of batches
 */
record EpochPlan(int epoch, int @Nullable [] order, int samples, int batchSize, int batches) {
    /** Returns the number of samples in a batch. */
    int positions(int batch) {
        return Math.min(batchSize, samples - batch * batchSize);
    }

    /** Returns the index of the sample at a position of a batch. */
    int sample(int batch, int position) {
        int place = batch * batchSize + position;
        return order == null ? place : order[place];
    }
}
