package org.resnet4j.dataset.loader;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.augment.AugmentingWriter;
import org.resnet4j.dataset.augment.BatchMixer;
import org.resnet4j.dataset.augment.EvaluationWriter;
import org.resnet4j.dataset.augment.SampleWriter;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Normalization;
import org.resnet4j.tensor.HeapTooSmallException;

/**
 * A loader that prepares batches of a dataset ahead of their use, on its own threads.
 *
 * <p>The contents of a batch depend only on the dataset, the seed, the epoch and the number of the batch, not on the
 * number of threads or on earlier batches. Training therefore resumes exactly with {@code epoch(e, b)}.
 *
 * <p>One epoch runs at a time. Its batches use {@code prefetch + 1} recycled buffers.
 */
public final class DataLoader implements AutoCloseable {
    private final Dataset dataset;
    private final LoaderOptions options;
    private final BatchShards shards;
    private final SampleWriter writer;
    private final @Nullable BatchMixer mixer;
    private final boolean training;
    private final @Nullable BalancedOrder balance;
    private final BatchSlot[] slots;
    private final SkipList skips = new SkipList();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition workAvailable = lock.newCondition();
    private final Thread[] threads;

    // Guarded by the lock.
    private @Nullable BatchStream current;
    private boolean closed;

    private DataLoader(
            Dataset dataset,
            LoaderOptions options,
            BatchShards shards,
            SampleWriter writer,
            @Nullable BatchMixer mixer,
            boolean training) {
        if (dataset.size() == 0) {
            throw new IllegalArgumentException("the dataset has no images");
        }
        this.dataset = dataset;
        this.options = options;
        this.shards = shards;
        this.writer = writer;
        this.mixer = mixer;
        this.training = training;
        balance = training && options.balanced() ? new BalancedOrder(dataset) : null;
        int share = shards.size() * shards.images(options.batchSize());
        int capacity = shards.count() == 1 ? Math.min(share, dataset.size()) : share;
        slots = new BatchSlot[Math.min(options.prefetch() + 1, batches() + 1)];
        long side = writer.imageSize();
        HeapTooSmallException.check(
                slots.length + " batches of " + capacity + " images of " + side + "x" + side + " pixels",
                slots.length * side * side * writer.channels() * capacity);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new BatchSlot(
                    capacity,
                    shards,
                    writer.imageSize(),
                    writer.channels(),
                    dataset.classes().size());
        }
        threads = new Thread[options.threads()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform()
                    .name("resnet4j-data-" + (i + 1))
                    .daemon()
                    .start(this::work);
        }
    }

    /**
     * Returns a loader of training batches: in a new order in each epoch, and augmented. The caller must close the
     * dataset after the loader.
     *
     * <p><b>Shapes.</b> Images {@code [N, imageSize, imageSize, channels of the normalization]}, targets {@code [N,
     * classes]}.
     *
     * @param imageSize the side of the network's input, in pixels; images of other sizes are resized and cropped
     * @throws IllegalArgumentException if the dataset is empty
     */
    public static DataLoader training(
            Dataset dataset,
            int imageSize,
            Normalization normalization,
            Augmentation augmentation,
            LoaderOptions options) {
        return training(dataset, imageSize, normalization, augmentation, options, BatchShards.NONE);
    }

    /**
     * Returns a loader of training batches, as the method without shards, of which it prepares some shards. Images are
     * mixed within their shard.
     *
     * @throws IllegalArgumentException if the dataset is empty, or a batch cannot be divided into equal shards
     */
    public static DataLoader training(
            Dataset dataset,
            int imageSize,
            Normalization normalization,
            Augmentation augmentation,
            LoaderOptions options,
            BatchShards shards) {
        BatchMixing mixing = augmentation.mixing();
        return new DataLoader(
                dataset,
                options,
                shards,
                new AugmentingWriter(augmentation, imageSize, normalization, options.seed()),
                mixing == null ? null : new BatchMixer(mixing, options.seed()),
                true);
    }

    /**
     * Returns a loader of evaluation batches: every image once, in the order of the dataset, not augmented. The caller
     * must close the dataset after the loader.
     *
     * @throws IllegalArgumentException if the dataset is empty
     */
    public static DataLoader evaluation(Dataset dataset, EvaluationTransform transform, LoaderOptions options) {
        return evaluation(dataset, transform, false, options);
    }

    /**
     * Returns a loader of evaluation batches, as the method without {@code scaled}.
     *
     * @param scaled true to decode JPEG files at a reduced size, as {@link org.resnet4j.image.file.Picture#prepare}
     *     does
     * @throws IllegalArgumentException if the dataset is empty
     */
    public static DataLoader evaluation(
            Dataset dataset, EvaluationTransform transform, boolean scaled, LoaderOptions options) {
        return new DataLoader(dataset, options, BatchShards.NONE, new EvaluationWriter(transform, scaled), null, false);
    }

    /** Returns the number of batches of an epoch. */
    public int batches() {
        return options.batches(dataset.size(), training);
    }

    /** Returns the batches of an epoch from its first. Closes the stream of the previous epoch. */
    public BatchStream epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /**
     * Returns the batches of an epoch from a given one: the same that follow the first {@code firstBatch} batches of
     * the whole epoch. Closes the stream of the previous epoch.
     *
     * @throws IllegalArgumentException if the epoch has no such batch; the number of batches is allowed, and gives none
     */
    public BatchStream epoch(int epoch, int firstBatch) {
        int batches = batches();
        if (firstBatch < 0 || firstBatch > batches) {
            throw new IllegalArgumentException(
                    "an epoch has the batches 0 to " + (batches - 1) + ", got " + firstBatch);
        }
        int size = dataset.size();
        int[] order = training ? order(size, epoch) : null;
        int[] repeats = balance == null || order == null ? null : BalancedOrder.repeats(order);
        var plan = new EpochPlan(epoch, order, repeats, size, options.batchSize(), batches, shards);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("this loader is closed");
            }
            if (current != null) {
                current.close();
            }
            var stream = new BatchStream(dataset, plan, firstBatch, options, slots, skips, lock, workAvailable);
            current = stream;
            workAvailable.signalAll();
            return stream;
        } finally {
            lock.unlock();
        }
    }

    private int[] order(int size, int epoch) {
        return balance == null ? options.order(size, epoch) : balance.of(options.seed(), epoch);
    }

    /** Returns the images that could not be read in the batches delivered so far, in the order of their occurrence. */
    public SkippedSamples skipped() {
        lock.lock();
        try {
            return skips.report();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (BatchStream.Chunk chunk = take(); chunk != null; chunk = take()) {
            chunk.stream().work(chunk, writer, mixer);
        }
    }

    /** Waits for work; returns null if the loader is closed. */
    private BatchStream.@Nullable Chunk take() {
        lock.lock();
        try {
            while (!closed) {
                BatchStream.Chunk chunk = current == null ? null : current.claim();
                if (chunk != null) {
                    return chunk;
                }
                workAvailable.awaitUninterruptibly();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream and the threads, and waits for them. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            workAvailable.signalAll();
            if (current != null) {
                current.close();
            }
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
