package org.resnet4j.dataset.loader;

import java.util.Arrays;
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
    private final Batch full;

    /** The index in the epoch of the current batch, and its number of positions. */
    private int batchIndex;

    private int positions;
    private int unwritten;
    private @Nullable Batch batch;

    BatchSlot(int batchSize, int imageSize, int channels, int classes) {
        imageShape = Shape.of(batchSize, imageSize, imageSize, channels);
        targetShape = Shape.of(batchSize, classes);
        images = new float[imageShape.size()];
        targets = new float[targetShape.size()];
        labels = new int[batchSize];
        failures = new Throwable[batchSize];
        full = new Batch(Tensor.wrap(images, imageShape), labels, Tensor.wrap(targets, targetShape));
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
        for (int position = 0; position < positions; position++) {
            if (failures[position] == null) {
                if (count < position) {
                    System.arraycopy(images, offset(position), images, offset(count), imageLength());
                    labels[count] = labels[position];
                }
                count++;
            }
        }
        int classes = targetShape.extent(1);
        Arrays.fill(targets, 0, count * classes, 0);
        for (int row = 0; row < count; row++) {
            targets[row * classes + labels[row]] = 1;
        }
        if (mixer != null) {
            mixer.mix(images, targets, count, imageShape.extent(1), imageShape.extent(3), classes, epoch, batchIndex);
        }
        return count == labels.length
                ? full
                : new Batch(
                        Tensor.wrap(images, imageShape.withBatch(count)),
                        Arrays.copyOf(labels, count),
                        Tensor.wrap(targets, targetShape.withBatch(count)));
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
