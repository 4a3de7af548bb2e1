package org.resnet4j.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of compute threads that share numbered pieces of one job at a time.
 *
 * <p>The calling thread takes part, so {@code threads == 1} runs everything in the caller. Each thread begins with a share of
 * neighboring pieces of its own, so that the rows of an image stay in the cache of one processor from layer to layer; who is
 * done helps the others. Which thread does which piece is therefore not fixed: a piece may write only what is its own, and
 * sums over pieces are taken afterwards in the order of their numbers. Between jobs the helpers spin for a moment, then sleep.
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

    /** Counters of different threads stand in different lines of the cache: 128 bytes apart. */
    private static final int COUNTER_STRIDE = 32;

    /** The pieces of one call of {@link #run}. */
    private static final class Job {
        private final int pieces;
        private final int threads;
        private final Piece piece;
        /** How many pieces of each thread's share are taken. */
        private final AtomicIntegerArray taken;

        final AtomicInteger helpersAtWork = new AtomicInteger();
        volatile @Nullable Throwable failure;

        Job(int pieces, int threads, Piece piece) {
            this.pieces = pieces;
            this.threads = threads;
            this.piece = piece;
            this.taken = new AtomicIntegerArray(threads * COUNTER_STRIDE);
        }

        /** Does pieces until there are none left: the thread's own share, then what the others have not begun. */
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
     * @param threads how many threads compute, the caller included
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
        var job = new Job(count, threads(), piece);
        current = job;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        job.work(0, scratch);
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

    /** Ends the helper threads. */
    @Override
    public synchronized void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        // The thread that closes has usually computed, and may live long.
        callerScratch.remove();
        sharedScratch.remove();
    }
}
