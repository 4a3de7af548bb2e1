package org.resnet4j.dataset.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.augment.BatchMixer;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Reusable storage of one batch. Each position is written by one thread; everything else is guarded by the lock. */
final class BatchSlot {
    private final Shape imageShape;
    private final Shape targetShape;
    private final float[] images;
    private final float[] targets;
    private final int[] labels;
    private final @Nullable Throwable[] failures;
    private final BatchShards shards;
    private final Batch full;

    /** The index in the epoch of the current batch, and its number of positions. */
    private int batchIndex;

    private int positions;
    private int unwritten;
    private @Nullable Batch batch;

    /**
     * Creates a slot.
     *
     * @param capacity the number of images of the shards
     */
    BatchSlot(int capacity, BatchShards shards, int imageSize, int channels, int classes) {
        this.shards = shards;
        imageShape = Shape.of(capacity, imageSize, imageSize, channels);
        targetShape = Shape.of(capacity, classes);
        images = new float[imageShape.size()];
        targets = new float[targetShape.size()];
        labels = new int[capacity];
        failures = new Throwable[capacity];
        full = new Batch(
                Tensor.wrap(images, imageShape),
                labels,
                Tensor.wrap(targets, targetShape),
                Collections.nCopies(shards.size(), Math.ceilDiv(capacity, shards.size())));
    }

    /** Prepares the slot for another batch. */
    void reset(int index, int count) {
        batchIndex = index;
        positions = count;
        unwritten = count;
        batch = null;
        Arrays.fill(failures, null);
    }

    int batchIndex() {
        return batchIndex;
    }

    int positions() {
        return positions;
    }

    float[] images() {
        return images;
    }

    /** Returns the offset of the image at a position. */
    int offset(int position) {
        return position * imageLength();
    }

    private int imageLength() {
        return images.length / labels.length;
    }

    void label(int position, int label) {
        labels[position] = Objects.checkIndex(label, targetShape.extent(1));
    }

    void fail(int position, Throwable failure) {
        failures[position] = failure;
    }

    @Nullable
    Throwable failure(int position) {
        return failures[position];
    }

    /** Returns the position at which an image of the assembled batch was written. */
    int position(int row) {
        int position = -1;
        for (int left = row; left >= 0; left--) {
            do {
                position++;
            } while (failures[position] != null);
        }
        return position;
    }

    /** Counts positions as written or failed; returns true if these were the last. */
    boolean written(int count) {
        unwritten -= count;
        return unwritten == 0;
    }

    /**
     * Closes the gaps of failed images, sets the targets, and mixes. Called by one thread when all positions are
     * written.
     *
     * @return the batch; without images if all failed
     */
    Batch assemble(@Nullable BatchMixer mixer, int epoch) {
        int count = 0;
        var sizes = new ArrayList<Integer>();
        for (int shard = 0; shard < shards.size(); shard++) {
            int before = count;
            count = closeGaps(shardStart(shard), shardStart(shard + 1), count);
            sizes.add(count - before);
        }
        int classes = targetShape.extent(1);
        Arrays.fill(targets, 0, count * classes, 0);
        for (int row = 0; row < count; row++) {
            targets[row * classes + labels[row]] = 1;
        }
        if (mixer != null) {
            mix(mixer, sizes, epoch);
        }
        return count == labels.length
                ? full
                : new Batch(
                        Tensor.wrap(images, imageShape.withBatch(count)),
                        Arrays.copyOf(labels, count),
                        Tensor.wrap(targets, targetShape.withBatch(count)),
                        sizes);
    }

    private int shardStart(int shard) {
        return Math.min(positions, shard * Math.ceilDiv(labels.length, shards.size()));
    }

    /** Moves the images between two positions up to a row; returns the row after them. */
    private int closeGaps(int from, int to, int row) {
        int count = row;
        for (int position = from; position < to; position++) {
            if (failures[position] == null) {
                if (count < position) {
                    System.arraycopy(images, offset(position), images, offset(count), imageLength());
                    labels[count] = labels[position];
                }
                count++;
            }
        }
        return count;
    }

    /** Mixes the images of each shard among themselves. */
    private void mix(BatchMixer mixer, List<Integer> sizes, int epoch) {
        int row = 0;
        for (int shard = 0; shard < sizes.size(); shard++) {
            int number = batchIndex * shards.count() + shards.from() + shard;
            var rows = new BatchMixer.Rows(row, sizes.get(shard), imageLength(), targetShape.extent(1));
            mixer.mix(images, targets, rows, imageShape.extent(1), epoch, number);
            row += sizes.get(shard);
        }
    }

    /** Returns a placeholder for a batch that could not be assembled. */
    Batch unassembled() {
        return full;
    }

    void complete(Batch assembled) {
        batch = assembled;
    }

    /** Returns the finished batch; null while it is being assembled. */
    @Nullable
    Batch batch() {
        return batch;
    }
}
