package org.resnet4j.image.codec;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The budget of heap memory that all threads share for pictures being decoded. A thread waits until there is room for
 * its picture. So many small pictures or few large ones are decoded at the same time, and whether a picture can be
 * decoded does not depend on the number of threads.
 *
 * <p>A picture uses the budget from the moment its size is known until its {@link Scope} is closed. A picture larger
 * than the whole budget is decoded alone.
 */
public final class DecodingMemory {
    private static final int SHARE_OF_HEAP = 3;

    /** Bytes are counted in units of this size, so that the number of units fits into an int. */
    private static final int UNIT = 1 << 12;

    private static final DecodingMemory SHARED =
            new DecodingMemory(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

    /** The outermost scope of each thread. */
    private static final ThreadLocal<@Nullable Scope> OPEN = new ThreadLocal<>();

    private final int units;
    private final Semaphore free;

    /**
     * Creates a budget.
     *
     * @param bytes the maximum number of bytes in use
     */
    DecodingMemory(long bytes) {
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        // Fair, because otherwise a large picture would wait as long as there are small ones.
        free = new Semaphore(units, true);
    }

    /** Opens a scope for the pictures of this thread. A nested scope has no effect. */
    public static Scope open() {
        return SHARED.enter();
    }

    /**
     * Waits until a picture of this thread may be decoded that needs a number of bytes. Has no effect outside a scope.
     */
    public static void reserve(long bytes) {
        Scope scope = OPEN.get();
        if (scope != null) {
            scope.take(bytes);
        }
    }

    Scope enter() {
        Scope outer = OPEN.get();
        var scope = new Scope(outer);
        if (outer == null) {
            OPEN.set(scope);
        }
        return scope;
    }

    /** Returns the number of available bytes, rounded down. */
    long freeBytes() {
        return (long) free.availablePermits() * UNIT;
    }

    /** The time in which one thread decodes and uses a picture. */
    public final class Scope implements AutoCloseable {
        private final @Nullable Scope outer;
        private int taken;

        private Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        private void take(long bytes) {
            int wanted = Math.clamp(Math.ceilDiv(bytes, UNIT), 1, units);
            if (wanted > taken) {
                // A thread that holds units never waits for more, because two threads could deadlock.
                free.release(taken);
                taken = 0;
                free.acquireUninterruptibly(wanted);
                taken = wanted;
            }
        }

        @Override
        public void close() {
            if (outer == null) {
                OPEN.remove();
                free.release(taken);
                taken = 0;
            }
        }
    }
}
