package org.resnet4j.dataset.loader;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.NoReadableImageException;
import org.resnet4j.dataset.augment.BatchMixer;
import org.resnet4j.dataset.augment.SampleWriter;
import org.resnet4j.image.codec.DecodingMemory;

/**
 * The batches of one epoch, in order. For one consumer thread.
 *
 * <pre>{@code
 * try (BatchStream stream = loader.epoch(3)) {
 *     for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
 *         train(batch);
 *     }
 * }
 * }</pre>
 */
public final class BatchStream implements AutoCloseable {
    /** Some positions of a batch, for one thread to write. */
    record Chunk(BatchStream stream, BatchSlot slot, int from, int to) {}

    private final Dataset dataset;
    private final EpochPlan plan;
    private final int firstBatch;
    private final int chunkSize;
    private final boolean strict;
    private final BatchSlot[] slots;
    private final SkipList skips;

    private final ReentrantLock lock;

    /** Told when a slot is free again. */
    private final Condition workAvailable;

    /** Told when a batch is complete, or a thread has left its chunk. */
    private final Condition progressMade;

    private final long startNanos = System.nanoTime();

    private volatile boolean ended;

    // All below is guarded by the lock.
    private int claimedBatch;
    private int claimedPositions;
    private int threadsAtWork;
    private int nextBatch;
    private int releasedBatches;
    private int deliveredBatches;
    private long deliveredSamples;
    private long waitNanos;
    private long elapsedNanos;
    private boolean closedEarly;
    private @Nullable String firstFailure;

    BatchStream(
            Dataset dataset,
            EpochPlan plan,
            int firstBatch,
            LoaderOptions options,
            BatchSlot[] slots,
            SkipList skips,
            ReentrantLock lock,
            Condition workAvailable) {
        this.dataset = dataset;
        this.plan = plan;
        this.firstBatch = firstBatch;
        this.chunkSize = Math.clamp(options.batchSize() / (2L * options.threads()), 1, 8);
        this.strict = options.strict();
        this.slots = slots;
        this.skips = skips;
        this.lock = lock;
        this.workAvailable = workAvailable;
        this.progressMade = lock.newCondition();
        this.claimedBatch = firstBatch;
        this.nextBatch = firstBatch;
        this.releasedBatches = firstBatch;
        for (BatchSlot slot : slots) {
            slot.reset(-1, 0);
        }
    }

    /** How many batches the epoch has, those before the first one of this stream included. */
    public int batches() {
        return plan.batches();
    }

    /** The number in the epoch, from 0, of the batch that {@link #next} returned last. */
    public int batchIndex() {
        lock.lock();
        try {
            return nextBatch - 1;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next batch. The one before is given back by this call: its arrays are filled anew. A batch is
     * smaller than usual when it is the last, or when images in it could not be read; a batch of which none could be
     * read is left out.
     *
     * @return the batch; null after the last
     * @throws IOException if an image cannot be read and the loader is strict, or if not a single image of the epoch
     *     can be read; the message names image and reason
     * @throws IllegalStateException if the stream was closed
     */
    public @Nullable Batch next() throws IOException {
        lock.lock();
        try {
            if (closedEarly) {
                throw closed();
            }
            release();
            while (nextBatch < plan.batches()) {
                BatchSlot slot = slots[nextBatch % slots.length];
                Batch batch = await(slot);
                nextBatch++;
                report(slot);
                if (batch.size() > 0) {
                    deliveredBatches++;
                    deliveredSamples += batch.size();
                    return batch;
                }
                release();
            }
            end();
            if (deliveredSamples == 0 && firstBatch == 0 && firstFailure != null) {
                throw new NoReadableImageException(plan.samples(), firstFailure);
            }
            return null;
        } catch (IOException | RuntimeException | Error failure) {
            end();
            throw failure;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the origin of an image of the batch that {@link #next} returned last, for messages.
     *
     * @param row of the image in the batch, counted from 0
     */
    public String origin(int row) {
        return dataset.origin(sample(row));
    }

    /**
     * Returns the index in the dataset of an image of the batch that {@link #next} returned last.
     *
     * @param row of the image in the batch, counted from 0
     */
    public int sample(int row) {
        lock.lock();
        try {
            BatchSlot slot = slots[(nextBatch - 1) % slots.length];
            return plan.sample(nextBatch - 1, slot.position(row));
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this stream of batches is closed");
    }

    private void release() {
        if (releasedBatches < nextBatch) {
            releasedBatches = nextBatch;
            workAvailable.signalAll();
        }
    }

    private Batch await(BatchSlot slot) throws InterruptedIOException {
        Batch batch = slot.batchIndex() == nextBatch ? slot.batch() : null;
        if (batch != null) {
            return batch;
        }
        long from = System.nanoTime();
        try {
            while (batch == null) {
                progressMade.await();
                if (ended) {
                    throw closed();
                }
                batch = slot.batchIndex() == nextBatch ? slot.batch() : null;
            }
            return batch;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted while waiting for images");
            failure.initCause(interrupted);
            throw failure;
        } finally {
            waitNanos += System.nanoTime() - from;
        }
    }

    /** Notes what failed in a batch, in order; throws where that ends the epoch. */
    private void report(BatchSlot slot) throws IOException {
        for (int position = 0; position < slot.positions(); position++) {
            Throwable failure = slot.failure(position);
            if (failure == null) {
                continue;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (strict && failure instanceof IOException unreadable) {
                throw unreadable;
            }
            int sample = plan.sample(slot.batchIndex(), position);
            skips.add(sample, dataset.origin(sample), failure);
            if (firstFailure == null) {
                firstFailure = failure.getMessage();
            }
        }
    }

    /** The next piece of work; null where there is none or no room for it. Under the lock. */
    @Nullable
    Chunk claim() {
        if (ended || claimedBatch == plan.batches() || claimedBatch - releasedBatches >= slots.length) {
            return null;
        }
        BatchSlot slot = slots[claimedBatch % slots.length];
        if (claimedPositions == 0) {
            slot.reset(claimedBatch, plan.positions(claimedBatch));
        }
        int from = claimedPositions;
        int to = Math.min(from + chunkSize, slot.positions());
        claimedPositions = to;
        if (to == slot.positions()) {
            claimedBatch++;
            claimedPositions = 0;
        }
        threadsAtWork++;
        return new Chunk(this, slot, from, to);
    }

    /** Reads and writes the samples of a chunk; not under the lock. */
    void work(Chunk chunk, SampleWriter writer, @Nullable BatchMixer mixer) {
        BatchSlot slot = chunk.slot();
        for (int position = chunk.from(); position < chunk.to() && !ended; position++) {
            int sample = plan.sample(slot.batchIndex(), position);
            try (var _ = DecodingMemory.open()) {
                slot.label(position, dataset.label(sample));
                writer.write(dataset.picture(sample), plan.epoch(), sample, slot.images(), slot.offset(position));
            } catch (IOException | RuntimeException | Error failure) {
                slot.fail(position, failure);
            }
        }
        lock.lock();
        try {
            if (slot.written(chunk.to() - chunk.from()) && !ended) {
                slot.complete(assembleUnlocked(slot, mixer));
            }
        } finally {
            threadsAtWork--;
            progressMade.signalAll();
            lock.unlock();
        }
    }

    /** Lets go of the lock for as long as the batch is put together. */
    private Batch assembleUnlocked(BatchSlot slot, @Nullable BatchMixer mixer) {
        lock.unlock();
        try {
            return slot.assemble(mixer, plan.epoch());
        } catch (RuntimeException | Error failure) {
            slot.fail(0, failure); // thrown to the consumer when the batch's turn comes
            return slot.unassembled();
        } finally {
            lock.lock();
        }
    }

    /** How long the consumer has waited so far. */
    public LoaderStatistics statistics() {
        lock.lock();
        try {
            long elapsed = ended ? elapsedNanos : System.nanoTime() - startNanos;
            return new LoaderStatistics(deliveredBatches, deliveredSamples, waitNanos, elapsed);
        } finally {
            lock.unlock();
        }
    }

    /** Stops the making of batches; the one that was returned last is given back. Closing again has no effect. */
    @Override
    public void close() {
        lock.lock();
        try {
            closedEarly = closedEarly || !ended;
            end();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream and waits until no thread writes into its slots any more. Under the lock. */
    private void end() {
        if (!ended) {
            ended = true;
            elapsedNanos = System.nanoTime() - startNanos;
            progressMade.signalAll();
        }
        while (threadsAtWork > 0) {
            progressMade.awaitUninterruptibly();
        }
    }
}
