package org.resnet4j.spark.training;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A thread that ends the waiting of a rank once Spark has killed its task. Spark kills the other tasks of a barrier stage
 * when one is lost, without an interrupt: a rank that waits for the lost one would wait until the time-out.
 */
final class KillWatch implements Closeable {
    private static final long MILLIS_BETWEEN = 100;

    private final BooleanSupplier isKilled;
    private final Closeable waited;
    private final Thread thread;

    private KillWatch(BooleanSupplier isKilled, Closeable waited) {
        this.isKilled = isKilled;
        this.waited = waited;
        thread = Thread.ofPlatform().daemon().name("resnet4j-kill-watch").unstarted(this::watch);
    }

    /**
     * Starts to watch.
     *
     * @param isKilled tells whether the task is killed
     * @param waited closed when it is, by another thread than the caller's
     */
    static KillWatch start(BooleanSupplier isKilled, Closeable waited) {
        var watch = new KillWatch(isKilled, waited);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            do {
                TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN);
            } while (!isKilled.getAsBoolean());
            waited.close();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Stops watching. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
