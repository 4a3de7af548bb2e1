package org.resnet4j.image.codec;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The memory that all threads together may take for pictures in work, a part of the heap. A thread that comes upon a picture
 * waits until there is room for it: so many threads decode small pictures at once, and few large ones, and whether a picture
 * can be decoded does not depend on how many threads there are.
 *
 * <p>A picture is in work from the moment that its size is known until its {@link Scope} is closed. A picture larger than the
 * whole budget is decoded when no other is.
 */
public final class DecodingMemory {
    /** Memory of most decoders for a pixel: their own image, the one in RGB, and one that is turned upright or resized. */
    private static final int BYTES_PER_PIXEL = 12;

    private static final int SHARE_OF_HEAP = 3;

    /** Pixels are lent in units of this size, so that the number of units is an int. */
    private static final int UNIT = 1 << 12;

    private static final DecodingMemory SHARED =
            new DecodingMemory(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_PER_PIXEL);

    /** The outermost scope of each thread. */
    private static final ThreadLocal<@Nullable Scope> OPEN = new ThreadLocal<>();

    private final int units;
    private final Semaphore free;

    /** @param pixels that may be in work at once */
    DecodingMemory(long pixels) {
        units = Math.clamp(pixels / UNIT, 1, Integer.MAX_VALUE);
        // Fair, or a large picture would wait as long as there are small ones.
        free = new Semaphore(units, true);
    }

    /** Pictures that this thread has in work; within another scope of the thread it has no effect. */
    public static Scope open() {
        return SHARED.enter();
    }

    /** Waits until a picture of this thread may be decoded. Outside of a scope it has no effect. */
    public static void reserve(long pixels) {
        Scope scope = OPEN.get();
        if (scope != null) {
            scope.take(pixels);
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

    /** Returns the number of pixels that are free, rounded down. */
    long freePixels() {
        return (long) free.availablePermits() * UNIT;
    }

    /** The time in which one thread has a picture in work. */
    public final class Scope implements AutoCloseable {
        private final @Nullable Scope outer;
        private int taken;

        private Scope(@Nullable Scope outer) {
            this.outer = outer;
        }

        private void take(long pixels) {
            int wanted = Math.clamp(Math.ceilDiv(pixels, UNIT), 1, units);
            if (wanted > taken) {
                // A thread that holds some never waits for more, or two could wait for each other.
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
