package org.resnet4j.training.loop;

import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Images of noise, labeled by the brightest third of their pixels; each batch is a function of epoch and position. */
public final class TinyBatches implements BatchSource {
    public static final int FEATURES = 12;
    public static final int CLASSES = 3;

    private final int batches;
    private final int batchSize;
    private final int lastSize;
    private final long seed;
    private int failingBatch = -1;

    TinyBatches(int batches, int batchSize, int lastSize, long seed) {
        this.batches = batches;
        this.batchSize = batchSize;
        this.lastSize = lastSize;
        this.seed = seed;
    }

    /** Breaks at this batch of every epoch. */
    TinyBatches failingAt(int batch) {
        failingBatch = batch;
        return this;
    }

    @Override
    public int batchesPerEpoch() {
        return batches;
    }

    @Override
    public Batches open(int epoch, int firstBatch) {
        return new Batches() {
            private int next = firstBatch;

            @Override
            public @Nullable Batch next() throws IOException {
                if (next == failingBatch) {
                    throw new IOException("cat/0001.jpg: cannot be read");
                }
                if (next == batches) {
                    return null;
                }
                int size = next == batches - 1 ? lastSize : batchSize;
                Batch batch = batch(size, seed * 1_000_003 + epoch * 1009L + next);
                next++;
                return batch;
            }

            @Override
            public void close() {}
        };
    }

    public static Batch batch(int size, long seed) {
        var random = new Random(seed);
        Tensor images = Tensor.zeros(size, 2, 2, 3);
        Tensor targets = Tensor.zeros(size, CLASSES);
        var labels = new int[size];
        for (int row = 0; row < size; row++) {
            var sums = new float[CLASSES];
            for (int i = 0; i < FEATURES; i++) {
                float value = (float) random.nextGaussian();
                images.array()[row * FEATURES + i] = value;
                sums[i % CLASSES] += value;
            }
            for (int label = 1; label < CLASSES; label++) {
                labels[row] = sums[label] > sums[labels[row]] ? label : labels[row];
            }
            targets.array()[row * CLASSES + labels[row]] = 1;
        }
        return new Batch(images, labels, targets);
    }

    /** The images from {@code from} to before {@code to}. */
    public static Batch part(Batch batch, int from, int to) {
        int size = to - from;
        Tensor images = Tensor.zeros(size, 2, 2, 3);
        Tensor targets = Tensor.zeros(Shape.of(size, CLASSES));
        var labels = new int[size];
        System.arraycopy(batch.images().array(), from * FEATURES, images.array(), 0, images.size());
        System.arraycopy(batch.targets().array(), from * CLASSES, targets.array(), 0, targets.size());
        System.arraycopy(batch.labels(), from, labels, 0, size);
        return new Batch(images, labels, targets);
    }
}
