package org.resnet4j.spark.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The waiting of one thread for connections, which other threads can end. */
final class Waiting implements Closeable {
    private final Selector selector;
    private volatile @Nullable String end;
    private long nanos;

    Waiting() throws IOException {
        selector = Selector.open();
    }

    Selector selector() {
        return selector;
    }

    /** Returns the time that has been spent in waiting. */
    long nanos() {
        return nanos;
    }

    /** Ends the waiting, now and later. The first reason given counts. */
    synchronized void end(String reason) {
        if (end == null) {
            end = reason;
        }
        selector.wakeup();
    }

    /**
     * Throws if the waiting was ended.
     *
     * @throws InterruptedIOException if the thread is interrupted, which it remains
     */
    void check() throws IOException {
        String reason = end;
        if (reason != null) {
            throw new IOException(reason);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("was interrupted");
        }
    }

    /** Waits for a connection or a time, by {@link System#nanoTime}. */
    void await(long until) throws IOException {
        check();
        select(until);
        check();
    }

    /** Waits as {@link #await} does, even after the end. */
    void select(long until) throws IOException {
        long start = System.nanoTime();
        long millis = TimeUnit.NANOSECONDS.toMillis(until - start) + 1;
        selector.select(Math.clamp(millis, 1, 60_000));
        selector.selectedKeys().clear();
        nanos += System.nanoTime() - start;
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
