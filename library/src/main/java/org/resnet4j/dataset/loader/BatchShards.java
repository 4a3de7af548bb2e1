package org.resnet4j.dataset.loader;

import org.resnet4j.support.Ranges;

/**
 * The division of training batches into shards of equal size. A loader prepares some consecutive shards of each batch,
 * which contain the same images whoever prepares the other shards.
 *
 * @param count the number of shards of a batch
 * @param from the first shard to prepare, from 0
 * @param to the shard after the last to prepare
 */
public record BatchShards(int count, int from, int to) {
    /** Undivided batches. */
    public static final BatchShards NONE = new BatchShards(1, 0, 1);

    public BatchShards {
        Ranges.checkAtLeast("shards", 1, count);
        if (from < 0 || to <= from || to > count) {
            throw new IllegalArgumentException("no shards " + from + " to " + to + " of " + count);
        }
    }

    /** Returns all shards of batches that are divided into {@code count}. */
    public static BatchShards all(int count) {
        return new BatchShards(count, 0, count);
    }

    /** Returns the number of shards to prepare. */
    public int size() {
        return to - from;
    }

    /**
     * Returns the number of images in a full shard.
     *
     * @throws IllegalArgumentException if batches of this size cannot be divided into equal shards
     */
    public int images(int batchSize) {
        if (batchSize % count != 0) {
            throw new IllegalArgumentException(
                    "a batch of " + batchSize + " images cannot be divided into " + count + " equal shards");
        }
        return batchSize / count;
    }
}
