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
 * <p>One job runs at a time: {@link #run} from two threads at once takes turns. A piece must not call {@code run} of the
 * pool that runs it.
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

    private final ThreadLocal<Scratch> callerScratch = ThreadLocal.withInitial(Scratch::new);
    private final ThreadLocal<Scratch> sharedScratch = ThreadLocal.withInitial(Scratch::new);
    private final Thread[] helpers;
    private final AtomicInteger nextPiece = new AtomicInteger();
    private final AtomicInteger busyHelpers = new AtomicInteger();
    private volatile int pieces;
    private volatile @Nullable Piece job;
    private volatile int jobNumber;
    private volatile @Nullable Throwable failure;
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
    public synchronized void run(int count, Piece piece) {
        if (closed) {
            throw new IllegalStateException("these workers are closed");
        }
        if (count <= 0) {
            return;
        }
        Scratch scratch = callerScratch.get();
        if (helpers.length == 0 || count == 1) {
            for (int index = 0; index < count; index++) {
                piece.run(index, scratch);
            }
            return;
        }
        failure = null;
        pieces = count;
        job = piece;
        nextPiece.set(0);
        busyHelpers.set(helpers.length);
        jobNumber++;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        work(piece, count, scratch);
        while (busyHelpers.get() != 0) {
            Thread.onSpinWait();
        }
        job = null;
        Throwable thrown = failure;
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    private void work(Piece piece, int count, Scratch scratch) {
        try {
            for (int index = nextPiece.getAndIncrement(); index < count; index = nextPiece.getAndIncrement()) {
                piece.run(index, scratch);
            }
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
            nextPiece.set(count);
        }
    }

    private void help() {
        var scratch = new Scratch();
        int done = 0;
        while (true) {
            int spins = 0;
            while (jobNumber == done) {
                if (closed) {
                    return;
                }
                if (spins < SPINS_BEFORE_SLEEP) {
                    spins++;
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            done = jobNumber;
            Piece piece = job;
            if (piece != null) {
                work(piece, pieces, scratch);
            }
            busyHelpers.decrementAndGet();
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
