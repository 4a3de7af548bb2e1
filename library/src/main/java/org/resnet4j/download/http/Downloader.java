package org.resnet4j.download.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.download.Retries;

/**
 * A downloader of files that resumes interrupted downloads.
 *
 * <p>The received bytes are kept in a part file beside the target. The target appears atomically, after its size and
 * checksum were verified and its bytes were forced to disk. If several threads or processes download the same file, one
 * downloads and the others wait.
 *
 * @param progress receives the progress
 * @param retries the number of attempts and the pauses between them
 * @param stall the time without a received byte after which an attempt fails
 */
public record Downloader(DownloadProgress progress, Retries retries, Duration stall) {
    /** The interval between attempts to acquire a lock that another process holds. */
    private static final Duration LOCK_POLL = Duration.ofMillis(50);

    /** The result of an attempt. */
    private enum Outcome {
        COMPLETE,
        BROKEN,
        USELESS_PART
    }

    /** Returns a downloader with the pauses of {@link Retries#patient} and a stall timeout of one minute. */
    public static Downloader reporting(DownloadProgress progress) {
        return new Downloader(progress, Retries.patient(), Duration.ofMinutes(1));
    }

    /**
     * Requests the headers of a file. Redirects are followed if they keep the scheme, host and port.
     *
     * @param attempts the maximum number of attempts, also limited by {@link #retries}
     * @throws RefusedException if the server refuses the file
     * @throws UnreachableException if the server cannot be reached or is overloaded
     */
    public Answer look(Download what, int attempts) throws IOException {
        int most = Math.min(attempts, retries.attempts());
        try (var web = new Web(stall)) {
            int failures = 0;
            while (true) {
                try {
                    return web.look(what);
                } catch (TemporaryFailure failure) {
                    failures++;
                    if (failures >= most || !retries.isWorthWaiting(failure.retryAfter())) {
                        throw new UnreachableException(what.address(), failure, failures, "");
                    }
                    Retries.sleep(retries.pause(failures, failure.retryAfter()));
                }
            }
        }
    }

    /**
     * Downloads a file unless it exists. Received bytes are kept as {@code NAME.part} until the file is complete.
     *
     * @throws IOException if the server refuses the file, the connection breaks repeatedly, or other content is
     *     received
     */
    public void download(Download what, Path target) throws IOException {
        download(what, target, target.resolveSibling(target.getFileName() + ".part"), name(target));
    }

    /**
     * Downloads a file unless it exists.
     *
     * @param part the file for the received bytes until all are complete; in the same folder as the target
     * @param name the name of the file in progress reports
     * @throws RefusedException if the server refuses the file
     * @throws UnreachableException if the server cannot be reached, is overloaded or the connection breaks repeatedly
     * @throws IOException if other content is received, or the file cannot be written
     */
    public void download(Download what, Path target, Path part, String name) throws IOException {
        if (isThere(what, target)) {
            return;
        }
        if (what.size() > what.limit()) {
            throw new IOException(what + ": " + what.size() + " bytes announced, more than the " + what.limit()
                    + " that are accepted");
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(target + ": not a file name");
        }
        Files.createDirectories(folder);
        try (FileChannel channel = openPart(part);
                FileLock lock = lock(channel, part, name)) {
            if (!lock.isValid()) {
                throw new IOException(part + ": the lock on it was lost");
            }
            if (isThere(what, target)) {
                // Another process was faster. The lock may now be on the target, so nothing more is written.
                if (channel.size() == 0 && what.size() != 0) {
                    Files.deleteIfExists(part);
                }
                return;
            }
            checkSpace(folder, what.size() - channel.size());
            fetchVerified(what, name, part, channel);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(folder);
        }
    }

    /** Opens the part file. Rejects a link, because the download would overwrite its target. */
    private static FileChannel openPart(Path part) throws IOException {
        if (Files.isSymbolicLink(part)) {
            throw new IOException(part + ": is a link; remove it, because a download is written to a regular file");
        }
        return FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    private static String name(Path target) {
        return String.valueOf(target.getFileName());
    }

    private static boolean isThere(Download what, Path target) throws IOException {
        return Files.isRegularFile(target) && (what.size() < 0 || Files.size(target) == what.size());
    }

    /** Waits until no other thread or process holds the lock on the part file. */
    private FileLock lock(FileChannel channel, Path part, String name) throws IOException {
        boolean told = false;
        while (true) {
            FileLock lock = tryLock(channel, part);
            if (lock != null) {
                return lock;
            }
            if (!told) {
                progress.note("waiting for another download of " + name);
                told = true;
            }
            Retries.sleep(LOCK_POLL);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, Path part) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        } catch (IOException failure) {
            throw new IOException(part + ": cannot be locked: " + failure.getMessage(), failure);
        }
    }

    /**
     * Checks the free space. Some file systems report none or zero; then the first failing write reports the problem.
     */
    private static void checkSpace(Path folder, long needed) throws IOException {
        long free;
        try {
            free = Files.getFileStore(folder).getUsableSpace();
        } catch (IOException unknown) {
            return;
        }
        if (free > 0 && free < needed) {
            throw new IOException(folder + ": not enough space: " + needed + " bytes are still needed, but only " + free
                    + " are free");
        }
    }

    private void fetchVerified(Download what, String name, Path part, FileChannel channel) throws IOException {
        boolean continued = channel.size() > 0;
        while (true) {
            fetch(what, name, part, channel);
            channel.force(true);
            Checksum expected = what.checksum();
            if (expected == null) {
                return;
            }
            Checksum found = Checksum.of(expected.kind(), channel);
            if (found.equals(expected)) {
                return;
            }
            channel.truncate(0);
            if (!continued) {
                throw new IOException(what + ": the downloaded file is not the expected one: its checksum is " + found
                        + " instead of " + expected);
            }
            continued = false; // the first bytes came from another version: start again
        }
    }

    private void fetch(Download what, String name, Path part, FileChannel channel) throws IOException {
        long size = what.size();
        if (size >= 0 && channel.size() > size) {
            channel.truncate(0);
        }
        try (var web = new Web(stall)) {
            int failures = 0;
            while (size < 0 || channel.size() < size) {
                long before = channel.size();
                TemporaryFailure failure;
                try (HttpResponseBody answer = new HttpResponseBody(web.get(what, before))) {
                    Outcome outcome = receive(answer.response(), what, name, part, channel);
                    if (outcome == Outcome.COMPLETE) {
                        return;
                    }
                    if (outcome == Outcome.USELESS_PART) {
                        channel.truncate(0);
                    }
                    failure = TemporaryFailure.brokenAfter(channel.size());
                } catch (TemporaryFailure failed) {
                    failure = failed.isBrokenConnection() ? TemporaryFailure.brokenAfter(channel.size()) : failed;
                }
                failures = channel.size() > before ? 1 : failures + 1;
                if (failures >= retries.attempts() || !retries.isWorthWaiting(failure.retryAfter())) {
                    throw new UnreachableException(
                            what.address(), failure, failures, "; the received bytes are kept for the next attempt");
                }
                Retries.sleep(retries.pause(failures, failure.retryAfter()));
            }
        }
    }

    /** The body of an answer, which is closed in any case. */
    private record HttpResponseBody(HttpResponse<InputStream> response) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    private Outcome receive(
            HttpResponse<InputStream> response, Download what, String name, Path part, FileChannel channel)
            throws IOException {
        long have = channel.size();
        int status = response.statusCode();
        if (status == 416 || status == 206 && !continuesAt(response, have)) {
            return Outcome.USELESS_PART;
        }
        if (status == 200) {
            channel.truncate(0);
            have = 0;
        }
        long length = Web.length(response);
        long total = length < 0 ? what.size() : have + length;
        if (what.size() >= 0 && total != what.size()) {
            throw new IOException(what + ": the server sends " + total + " bytes instead of the " + what.size()
                    + " that were announced");
        }
        if (total > what.limit()) {
            throw tooLong(what, what.limit());
        }
        return copy(response.body(), what, name, part, channel, have, total);
    }

    private static boolean continuesAt(HttpResponse<?> response, long have) {
        return response.headers()
                .firstValue("Content-Range")
                .map(range -> range.startsWith("bytes " + have + "-"))
                .orElse(false);
    }

    private static IOException tooLong(Download what, long most) {
        return new IOException(what + ": the server sends more than " + most + " bytes: stopped");
    }

    /**
     * Appends the body to the part file.
     *
     * @param total the size of the complete file; -1 if unknown
     */
    private Outcome copy(
            InputStream body, Download what, String name, Path part, FileChannel channel, long have, long total)
            throws IOException {
        byte[] buffer = new byte[1 << 16];
        long most = total < 0 ? what.limit() : total;
        long position = have;
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
                if (read > most - position) {
                    channel.truncate(0);
                    throw tooLong(what, most);
                }
                position += write(channel, part, ByteBuffer.wrap(buffer, 0, read), position);
                progress.downloaded(name, position, total);
            }
        }
    }

    private static int write(FileChannel channel, Path part, ByteBuffer bytes, long position) throws IOException {
        int written = 0;
        try {
            while (bytes.hasRemaining()) {
                written += channel.write(bytes, position + written);
            }
        } catch (IOException failure) {
            throw new IOException(part + ": cannot be written: " + failure.getMessage(), failure);
        }
        return written;
    }

    /** Makes the rename itself durable. Only systems with POSIX attributes allow a folder to be opened for this. */
    private static void forceFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
