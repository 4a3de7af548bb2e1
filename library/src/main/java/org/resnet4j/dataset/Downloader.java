package org.resnet4j.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Downloads files and takes up again where a broken download stopped.
 *
 * <p>What has come is kept beside the target as {@code NAME.part}; the target appears at once and complete, after its
 * checksum was found right.
 *
 * @param progress told how it goes
 * @param pause between one attempt and the next
 * @param stall after this long without a byte an attempt is given up
 */
record Downloader(DownloadProgress progress, Duration pause, Duration stall) {
    private static final int ATTEMPTS_WITHOUT_PROGRESS = 4;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    /** How an attempt ended. */
    private enum Outcome {
        COMPLETE,
        BROKEN,
        USELESS_PART
    }

    static Downloader reporting(DownloadProgress progress) {
        return new Downloader(progress, Duration.ofSeconds(2), Duration.ofSeconds(60));
    }

    /**
     * Brings a file here, unless it is.
     *
     * @throws IOException if the server refuses, breaks off again and again, or sends something else
     */
    void download(URI address, Path target, Checksum expected) throws IOException {
        if (Files.isRegularFile(target)) {
            return;
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel, part)) {
            if (!lock.isValid()) {
                throw new IOException(part + ": the lock on it was lost");
            }
            fetchVerified(address, target, part, channel, expected);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static FileLock lock(FileChannel channel, Path part) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException taken) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException(part + ": somebody else is downloading this file; try again when that is done");
        }
        return lock;
    }

    private void fetchVerified(URI address, Path target, Path part, FileChannel channel, Checksum expected)
            throws IOException {
        boolean continued = channel.size() > 0;
        while (true) {
            fetch(address, String.valueOf(target.getFileName()), channel);
            channel.force(true);
            Checksum found = expected.of(part);
            if (found.equals(expected)) {
                return;
            }
            channel.truncate(0);
            if (!continued) {
                throw new IOException(address + ": what was downloaded is not the expected file: its checksum is "
                        + found + " instead of " + expected);
            }
            continued = false; // the beginning was of another download: once more, from the start
        }
    }

    private void fetch(URI address, String name, FileChannel channel) throws IOException {
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .build()) {
            int withoutProgress = 0;
            while (true) {
                long before = channel.size();
                String reason;
                try {
                    Outcome outcome = attempt(client, address, name, channel);
                    if (outcome == Outcome.COMPLETE) {
                        return;
                    }
                    if (outcome == Outcome.USELESS_PART) {
                        channel.truncate(0);
                    }
                    reason = "the connection broke after " + channel.size() + " bytes";
                } catch (ConnectionFailure failure) {
                    reason = failure.getMessage();
                }
                withoutProgress = channel.size() > before ? 0 : withoutProgress + 1;
                if (withoutProgress == ATTEMPTS_WITHOUT_PROGRESS) {
                    throw new IOException(address + ": could not be downloaded: " + reason + " (tried "
                            + ATTEMPTS_WITHOUT_PROGRESS + " times; what has come is kept and continued next time)");
                }
                sleep(pause);
            }
        }
    }

    private Outcome attempt(HttpClient client, URI address, String name, FileChannel channel) throws IOException {
        long have = channel.size();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(stall).GET();
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interruptedWhile("downloading " + address, interrupted);
        } catch (IOException failure) {
            throw new ConnectionFailure(reason(failure), failure);
        }
        try (InputStream body = response.body()) {
            int status = response.statusCode();
            if (status == 416) {
                return Outcome.USELESS_PART;
            }
            if (status >= 500) {
                throw new ConnectionFailure("the server answered " + status, null);
            }
            if (status != 200 && status != 206) {
                throw new IOException(address + ": the server answered " + status);
            }
            if (status == 206 && !continuesAt(response, have)) {
                return Outcome.USELESS_PART;
            }
            if (status == 200) {
                channel.truncate(0);
                have = 0;
            }
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            return copy(body, name, channel, have, length < 0 ? -1 : have + length);
        }
    }

    private static boolean continuesAt(HttpResponse<?> response, long have) {
        return response.headers()
                .firstValue("Content-Range")
                .map(range -> range.startsWith("bytes " + have + "-"))
                .orElse(false);
    }

    private Outcome copy(InputStream body, String name, FileChannel channel, long have, long total) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long position = have;
        channel.position(position);
        progress.downloaded(name, position, total);
        try (var watch = new StallWatch(body, stall)) {
            while (true) {
                int read;
                try {
                    read = body.read(buffer);
                } catch (IOException broken) {
                    return Outcome.BROKEN;
                }
                if (read < 0) {
                    return total < 0 || position == total ? Outcome.COMPLETE : Outcome.BROKEN;
                }
                watch.alive();
                var bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    position += channel.write(bytes);
                }
                progress.downloaded(name, position, total);
            }
        }
    }

    private static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interruptedWhile("waiting to download again", interrupted);
        }
    }

    private static InterruptedIOException interruptedWhile(String doing, InterruptedException cause) {
        var failure = new InterruptedIOException("interrupted while " + doing);
        failure.initCause(cause);
        return failure;
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** The server could not be reached or broke off: worth another attempt. */
    private static final class ConnectionFailure extends IOException {
        ConnectionFailure(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Closes a stream from which nothing has come for too long, so that its reader wakes up. */
    private static final class StallWatch implements AutoCloseable {
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
                // Interrupted: the copy is done. Closing failed: the reader sees the same failure.
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            watcher.interrupt();
        }
    }
}
