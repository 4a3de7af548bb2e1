package org.resnet4j.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of compute threads that share numbered pieces of one job at a time.
 *
 * <p>The calling thread takes part, so {@code threads == 1} runs everything in the caller. Which thread does which piece
 * is not fixed; therefore a piece may write only what is its own, and sums over pieces are taken afterwards in the order
 * of their numbers. Between jobs the helpers spin for a moment, then sleep.
 *
 * <p>One shared job runs at a time: {@link #run} from two threads at once takes turns. Without helpers every caller runs its
 * own pieces and nobody waits. A piece must not call {@code run} of the pool that runs it; it may call that of another pool
 * without helpers.
 */
public final class Workers implements AutoCloseable {
    /** One piece of a job. */
    @FunctionalInterface
    public interface Piece {
        /**
         * @param index the piece's number, from 0
         * @param scratch arrays that belong to the thread that runs the piece
         */
        void run(int index, Scratch scratch);
    }

    /** Long enough to bridge the serial code between two kernels, short enough not to disturb an idle machine. */
    private static final int SPINS_BEFORE_SLEEP = 20_000;

    /** The pieces of one call of {@link #run}. */
    private static final class Job {
        final int pieces;
        final Piece piece;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger helpersAtWork = new AtomicInteger();
        volatile @Nullable Throwable failure;

        Job(int pieces, Piece piece) {
            this.pieces = pieces;
            this.piece = piece;
        }

        /** Does pieces until there are none left. */
        void work(Scratch scratch) {
            try {
                for (int index = next.getAndIncrement(); index < pieces; index = next.getAndIncrement()) {
                    piece.run(index, scratch);
                }
            } catch (Throwable thrown) {
                failure = thrown;
                next.set(pieces);
            }
        }
    }

    private final ThreadLocal<Scratch> callerScratch = ThreadLocal.withInitial(Scratch::new);
    private final ThreadLocal<Scratch> sharedScratch = ThreadLocal.withInitial(Scratch::new);
    private final Thread[] helpers;
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /**
     * @param threads how many threads compute, the caller included
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = Thread.ofPlatform()
                    .name("resnet4j-compute-" + (i + 1))
                    .daemon()
                    .start(this::help);
        }
    }

    /** How many threads compute, the caller included. */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Arrays of the calling thread that all pieces of its next jobs may read and write: packed weights, partial sums.
     * Not the scratch that the caller gets when it runs pieces itself.
     */
    public Scratch shared() {
        return sharedScratch.get();
    }

    /**
     * Runs pieces 0 to {@code count - 1} and returns when all are done.
     *
     * @throws RuntimeException what a piece threw; the remaining pieces may then not have run
     */
    public void run(int count, Piece piece) {
        if (closed) {
            throw new IllegalStateException("these workers are closed");
        }
        Scratch scratch = callerScratch.get();
        if (helpers.length == 0 || count <= 1) {
            for (int index = 0; index < count; index++) {
                piece.run(index, scratch);
            }
            return;
        }
        share(count, piece, scratch);
    }

    /** One job at a time: callers take turns. */
    private synchronized void share(int count, Piece piece, Scratch scratch) {
        var job = new Job(count, piece);
        current = job;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        job.work(scratch);
        // A helper that comes later finds no piece left, so only those at work are waited for.
        while (job.helpersAtWork.get() != 0) {
            Thread.onSpinWait();
        }
        current = null;
        switch (job.failure) {
            case null -> {}
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            case Throwable checked -> throw new IllegalStateException("a piece threw a checked exception", checked);
        }
    }

    private void help() {
        var scratch = new Scratch();
        Job done = null;
        while (true) {
            Job job = current;
            int spins = 0;
            while (job == null || job == done) {
                if (closed) {
                    return;
                }
                if (spins < SPINS_BEFORE_SLEEP) {
                    spins++;
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
                job = current;
            }
            job.helpersAtWork.incrementAndGet();
            job.work(scratch);
            job.helpersAtWork.decrementAndGet();
            done = job;
        }
    }

    /** Ends the helper threads. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
