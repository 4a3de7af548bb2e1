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
    /** Some positions of a batch, to be written by one thread. */
    record Chunk(BatchStream stream, BatchSlot slot, int from, int to) {}

    private final Dataset dataset;
    private final EpochPlan plan;
    private final int firstBatch;
    private final int chunkSize;
    private final boolean strict;
    private final BatchSlot[] slots;
    private final SkipList skips;

    private final ReentrantLock lock;

    /** Signaled when a slot becomes free. */
    private final Condition workAvailable;

    /** Signaled when a batch is complete, or a thread has left its chunk. */
    private final Condition progressMade;

    private final long startNanos = System.nanoTime();

    private volatile boolean ended;

    // All fields below are guarded by the lock.
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

    /** Returns the number of batches of the epoch, including those before the first one of this stream. */
    public int batches() {
        return plan.batches();
    }

    /** Returns the number in the epoch, from 0, of the batch that {@link #next} returned last. */
    public int batchIndex() {
        lock.lock();
        try {
            return nextBatch - 1;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next batch. This call releases the previous batch, whose arrays are overwritten. A batch is smaller
     * than usual if it is the last, or if some of its images could not be read; a batch without readable images is
     * skipped.
     *
     * @return the batch; null after the last
     * @throws IOException if an image cannot be read and the loader is strict, or if no image of the epoch can be read;
     *     the message names the image and the reason
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
     * @param row the row of the image in the batch, from 0
     */
    public String origin(int row) {
        return dataset.origin(sample(row));
    }

    /**
     * Returns the index in the dataset of an image of the batch that {@link #next} returned last.
     *
     * @param row the row of the image in the batch, from 0
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

    /** Records the failures of a batch, in order; throws if they end the epoch. */
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

    /** Returns the next piece of work; null if there is none or no free slot. Called with the lock held. */
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

    /** Reads and writes the samples of a chunk. Called without the lock. */
    void work(Chunk chunk, SampleWriter writer, @Nullable BatchMixer mixer) {
        BatchSlot slot = chunk.slot();
        for (int position = chunk.from(); position < chunk.to() && !ended; position++) {
            int sample = plan.sample(slot.batchIndex(), position);
            try (var _ = DecodingMemory.open()) {
                slot.label(position, dataset.label(sample));
                int draw = plan.variation(slot.batchIndex(), position);
                writer.write(dataset.picture(sample), draw, sample, slot.images(), slot.offset(position));
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

    /** Releases the lock while the batch is assembled. */
    private Batch assembleUnlocked(BatchSlot slot, @Nullable BatchMixer mixer) {
        lock.unlock();
        try {
            return slot.assemble(mixer, plan.epoch());
        } catch (RuntimeException | Error failure) {
            slot.fail(0, failure); // thrown to the consumer when the batch is due
            return slot.unassembled();
        } finally {
            lock.lock();
        }
    }

    /** Returns the time that the consumer has waited so far. */
    public LoaderStatistics statistics() {
        lock.lock();
        try {
            long elapsed = ended ? elapsedNanos : System.nanoTime() - startNanos;
            return new LoaderStatistics(deliveredBatches, deliveredSamples, waitNanos, elapsed);
        } finally {
            lock.unlock();
        }
    }

    /** Stops the production of batches and releases the batch that was returned last. Closing again has no effect. */
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

    /** Ends the stream and waits until no thread writes to its slots. Called with the lock held. */
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
