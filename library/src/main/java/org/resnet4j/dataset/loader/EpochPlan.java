package org.resnet4j.dataset.loader;

import org.jspecify.annotations.Nullable;

/**
 * The assignment of samples to the batches of an epoch.
 *
 * @param epoch the number of the epoch
 * @param order the indices of the samples in their order; null for 0, 1, 2 …
 * @param repeats for each place in the order, how often the sample occurs before it; null if no sample occurs twice
 * @param samples the number of samples
 * @param batchSize the number of samples in a full batch
 * @param batches the number of batches
 * @param shards the shards of each batch that are prepared
 */
record EpochPlan(
        int epoch,
        int @Nullable [] order,
        int @Nullable [] repeats,
        int samples,
        int batchSize,
        int batches,
        BatchShards shards) {
    /** More than any run has epochs. */
    private static final int EPOCHS = 1 << 20;

    /** Returns the number of samples of a batch in the shards that are prepared. */
    int positions(int batch) {
        int all = Math.min(batchSize, samples - batch * batchSize);
        return Math.clamp(all - skipped(), 0, shards.size() * shards.images(batchSize));
    }

    /** Returns the number of samples of a batch in the shards before those that are prepared. */
    private int skipped() {
        return shards.from() * shards.images(batchSize);
    }

    /**
     * Returns the number that varies the augmentation: the epoch, or for a sample that the epoch showed before, a number
     * that no epoch has.
     */
    int variation(int batch, int position) {
        int place = batch * batchSize + skipped() + position;
        return repeats == null ? epoch : epoch + repeats[place] * EPOCHS;
    }

    /** Returns the index of the sample at a position of the shards that are prepared. */
    int sample(int batch, int position) {
        int place = batch * batchSize + skipped() + position;
        return order == null ? place : order[place];
    }
}
