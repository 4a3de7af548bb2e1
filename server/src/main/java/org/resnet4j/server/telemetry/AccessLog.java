package org.resnet4j.server.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A log of requests, a line each, written by a thread of its own, so that no request waits for a disk. Lines that cannot
 * be written are counted, and the loss is reported when it begins and when it ends.
 */
public final class AccessLog implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(AccessLog.class.getName());
    private static final int LINES = 8192;
    private static final int PORTION = 1 << 16;
    private static final long POLL_MILLIS = 100;
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Target target;
    private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(LINES);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread;
    private volatile boolean isClosed;
    private boolean isFailing;

    /** Where the lines go. */
    private interface Target {
        /** Writes whole lines. */
        void write(byte[] portion) throws IOException;

        void close() throws IOException;
    }

    private AccessLog(Target target) {
        this.target = target;
        thread = Thread.ofPlatform().name("resnet4j-access-log").daemon().start(this::run);
    }

    /**
     * Returns a log that appends to a file. If the file is renamed or removed, as {@code logrotate} does, a new one is
     * begun.
     *
     * @throws IOException if the file cannot be opened
     */
    public static AccessLog to(Path file) throws IOException {
        var target = new FileTarget(file);
        target.open();
        return new AccessLog(target);
    }

    /** Returns a log that writes to a stream, which it does not close. */
    public static AccessLog to(OutputStream stream) {
        return new AccessLog(new Target() {
            @Override
            public void write(byte[] portion) throws IOException {
                stream.write(portion);
                stream.flush();
            }

            @Override
            public void close() throws IOException {
                stream.flush();
            }
        });
    }

    /** Adds a line, if the thread that writes is not too far behind. Never waits. */
    void add(byte[] line) {
        if (!lines.offer(line)) {
            lost.incrementAndGet();
        }
    }

    /** Returns the number of lines that could not be written. */
    public long lost() {
        return lost.get();
    }

    private void run() {
        var portion = new ByteArrayOutputStream(PORTION);
        try {
            while (true) {
                byte[] line = lines.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (line == null && isClosed) {
                    return;
                }
                int count = 0;
                for (; line != null; line = portion.size() < PORTION ? lines.poll() : null) {
                    portion.writeBytes(line);
                    count++;
                }
                write(portion.toByteArray(), count);
                portion.reset();
            }
        } catch (InterruptedException end) {
            LOGGER.log(System.Logger.Level.WARNING, "the access log ended before its last lines were written", end);
        }
    }

    private void write(byte[] portion, int count) {
        if (count == 0) {
            return;
        }
        try {
            target.write(portion);
            if (isFailing) {
                isFailing = false;
                LOGGER.log(
                        System.Logger.Level.INFO, "the access log is written again; {0} lines were lost", lost.get());
            }
        } catch (IOException failure) {
            lost.addAndGet(count);
            if (!isFailing) {
                isFailing = true;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "the access log cannot be written, its lines are lost until it can: " + failure.getMessage(),
                        failure);
            }
        }
    }

    /** Writes what is left, for some seconds at most, and closes the file. */
    @Override
    public void close() {
        isClosed = true;
        try {
            if (!thread.join(FAREWELL)) {
                thread.interrupt();
            }
            target.close();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            LOGGER.log(System.Logger.Level.WARNING, "the access log cannot be closed", failure);
        }
    }

    /** A file, opened again if another process moves it away. Only the writing thread uses it. */
    private static final class FileTarget implements Target {
        private static final byte[] LINE_END = {'\n'};
        private static final long LOOK_NANOS = 1_000_000_000L;

        private final Path file;
        private @Nullable OutputStream stream;
        private @Nullable Object key;
        private long looked = System.nanoTime();
        private boolean isTorn;

        FileTarget(Path file) {
            this.file = file;
        }

        void open() throws IOException {
            stream = Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            key = key();
        }

        private @Nullable Object key() throws IOException {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        }

        @Override
        public void write(byte[] portion) throws IOException {
            OutputStream out = current();
            if (isTorn) {
                out.write(LINE_END); // the last line may end in its middle
                isTorn = false;
            }
            isTorn = true;
            out.write(portion);
            isTorn = false;
        }

        private OutputStream current() throws IOException {
            long now = System.nanoTime();
            if (now - looked > LOOK_NANOS) {
                looked = now;
                if (!Files.exists(file) || !Objects.equals(key, key())) {
                    close();
                }
            }
            if (stream == null) {
                open();
            }
            return Objects.requireNonNull(stream);
        }

        @Override
        public void close() throws IOException {
            OutputStream open = stream;
            stream = null;
            isTorn = false;
            if (open != null) {
                open.close();
            }
        }
    }
}
