package org.resnet4j.dataset.loader;

import org.jspecify.annotations.Nullable;

/**
 * Which sample stands where in an epoch.
 *
 * @param epoch the epoch's number
 * @param order the samples' indices in the order they come; null for 0, 1, 2 …
 * @param samples how many samples there are
 * @param batchSize how many are in a full batch
 * @param batches how many batches there are
 */
record EpochPlan(int epoch, int @Nullable [] order, int samples, int batchSize, int batches) {
    /** How many samples are in a batch. */
    int positions(int batch) {
        return Math.min(batchSize, samples - batch * batchSize);
    }

    /** The index of the sample at a position of a batch. */
    int sample(int batch, int position) {
        int place = batch * batchSize + position;
        return order == null ? place : order[place];
    }
}
