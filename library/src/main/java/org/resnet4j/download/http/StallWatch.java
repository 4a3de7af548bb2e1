package org.resnet4j.download.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A watchdog that closes a stream that has delivered nothing for too long, which wakes up its reader. */
final class StallWatch implements AutoCloseable {
    private final InputStream watched;
    private final long stallNanos;
    private final Thread watcher;
    private volatile long lastSign = System.nanoTime();

    StallWatch(InputStream watched, Duration stall) {
        this.watched = watched;
        this.stallNanos = stall.toNanos();
        this.watcher = Thread.ofVirtual().name("resnet4j-download-watch").start(this::watch);
    }

    void alive() {
        lastSign = System.nanoTime();
    }

    private void watch() {
        try {
            long silent = System.nanoTime() - lastSign;
            while (silent < stallNanos) {
                Thread.sleep(Duration.ofNanos(stallNanos - silent));
                silent = System.nanoTime() - lastSign;
            }
            watched.close();
        } catch (InterruptedException | IOException ended) {
            // Interrupted: the copy is done. If closing fails, the reader sees the same failure.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
