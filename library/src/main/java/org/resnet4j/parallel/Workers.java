package org.resnet4j.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of compute threads that run the numbered pieces of one job at a time.
 *
 * <p>The calling thread takes part, so {@code threads == 1} runs everything in the caller. Each thread starts with its
 * own share of adjacent pieces, so that the rows of an image stay in the cache of one processor from layer to layer. A
 * thread that is done with its share helps the others, so the assignment of pieces to threads is not fixed: a piece may
 * write only its own results, and sums over pieces are computed afterwards in the order of their numbers. Between jobs
 * the helpers spin for a moment, then sleep.
 *
 * <p>One shared job runs at a time: concurrent calls of {@link #run} take turns. Without helpers, every caller runs its
 * own pieces and never waits. A piece must not call {@code run} of the pool that runs it; it may call that of another
 * pool without helpers.
 */
public final class Workers implements AutoCloseable {
    /** One piece of a job. */
    @FunctionalInterface
    public interface Piece {
        /**
         * Runs one piece.
         *
         * @param index the number of the piece, from 0
         * @param scratch arrays owned by the thread that runs the piece
         */
        void run(int index, Scratch scratch);
    }

    /** Long enough to bridge the serial code between two kernels, short enough not to disturb an idle machine. */
    private static final int SPINS_BEFORE_SLEEP = 20_000;

    /** The distance between the counters of different threads: 128 bytes, so that they are in different cache lines. */
    private static final int COUNTER_STRIDE = 32;

    /** The pieces of one call of {@link #run}. */
    private static final class Job {
        private final int pieces;
        private final int threads;
        private final Piece piece;
        /** The number of pieces taken from each thread's share. */
        private final AtomicIntegerArray taken;

        final AtomicInteger helpersAtWork = new AtomicInteger();
        volatile @Nullable Throwable failure;

        Job(int pieces, int threads, Piece piece) {
            this.pieces = pieces;
            this.threads = threads;
            this.piece = piece;
            this.taken = new AtomicIntegerArray(threads * COUNTER_STRIDE);
        }

        /**
         * Runs pieces until none are left: first the thread's own share, then those that the others have not started.
         */
        void work(int thread, Scratch scratch) {
            for (int i = 0; i < threads; i++) {
                workOn((thread + i) % threads, scratch);
            }
        }

        private void workOn(int share, Scratch scratch) {
            int first = first(share);
            int count = first(share + 1) - first;
            try {
                while (failure == null) {
                    int next = taken.getAndIncrement(share * COUNTER_STRIDE);
                    if (next >= count) {
                        return;
                    }
                    piece.run(first + next, scratch);
                }
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }

        private int first(int share) {
            return (int) ((long) share * pieces / threads);
        }
    }

    private final ThreadLocal<Scratch> callerScratch = ThreadLocal.withInitial(Scratch::new);
    private final ThreadLocal<Scratch> sharedScratch = ThreadLocal.withInitial(Scratch::new);
    private final Thread[] helpers;
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /**
     * Starts a pool.
     *
     * @param threads the number of compute threads, including the caller
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            int thread = i + 1;
            helpers[i] = Thread.ofPlatform()
                    .name("resnet4j-compute-" + thread)
                    .daemon()
                    .start(() -> help(thread));
        }
    }

    /** Returns the number of compute threads, including the caller. */
    public int threads() {
        return helpers.length + 1;
    }

    /**
     * Returns arrays of the calling thread that all pieces of its next jobs may read and write: packed weights, partial
     * sums. They are separate from the scratch that the caller gets when it runs pieces itself.
     */
    public Scratch shared() {
        return sharedScratch.get();
    }

    /**
     * Runs pieces 0 to {@code count - 1} and returns when all are done.
     *
     * @throws RuntimeException the exception of a piece; the remaining pieces may then not have run
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

    /** Runs one job at a time: callers take turns. */
    private synchronized void share(int count, Piece piece, Scratch scratch) {
        var job = new Job(count, threads(), piece);
        current = job;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        job.work(0, scratch);
        // A helper that arrives later finds no piece left, so the caller waits only for helpers at work.
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

    private void help(int thread) {
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
            job.work(thread, scratch);
            job.helpersAtWork.decrementAndGet();
            done = job;
        }
    }

    /** Stops the helper threads. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        // The closing thread has usually computed, and may be long-lived.
        callerScratch.remove();
        sharedScratch.remove();
    }
}
