package org.resnet4j.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.telemetry.Span;

/** The body of a request, which is read before the reply, or skipped after it. */
final class RequestBody {
    private static final int FIRST_BYTES = 1 << 16;
    private static final long MOST_SKIPPED = 4L << 20;
    private static final Duration LONGEST_SKIP = Duration.ofSeconds(5);

    private final Request request;
    private boolean isRead;

    RequestBody(Request request) {
        this.request = request;
        isRead = !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                && request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) <= 0;
    }

    /** Returns true if there is no body, or if it was read to its end. */
    boolean isRead() {
        return isRead;
    }

    /**
     * Returns true if {@link #skip} may come to the end of the body, so that the connection can be used again. A client that
     * waits for leave to send the body does not send it after a reply.
     */
    boolean isSkippable() {
        return request.getConnectionMetaData().isPersistent()
                && request.getLength() <= MOST_SKIPPED
                && !request.getHeaders().contains(HttpHeader.EXPECT);
    }

    /**
     * Reads the body, whose declared length, if there is one, is at most {@code largest}.
     *
     * @param largest the largest number of bytes
     * @param slowest the longest time that it may take
     * @param span receives the number of bytes
     * @throws RefusedException if the body is too large or too slow
     * @throws IOException if the connection breaks
     */
    byte[] read(long largest, Duration slowest, Span span) throws RefusedException, IOException {
        long end = System.nanoTime() + slowest.toNanos();
        long declared = request.getLength();
        byte[] body = new byte[declared < 0 ? FIRST_BYTES : Math.toIntExact(declared)];
        int size = 0;
        while (!isRead) {
            Content.Chunk chunk = next(slowest);
            try {
                int count = chunk.remaining();
                span.received(count);
                if (size + (long) count > largest) {
                    throw new RefusedException(413, "the body has more than " + largest + " bytes");
                }
                if (System.nanoTime() - end > 0) {
                    throw late(slowest);
                }
                if (size + count > body.length) {
                    body = Arrays.copyOf(body, Math.max(size + count, Math.multiplyExact(size, 2)));
                }
                chunk.getByteBuffer().get(body, size, count);
                size += count;
                isRead = chunk.isLast();
            } finally {
                chunk.release();
            }
        }
        return size == body.length ? body : Arrays.copyOf(body, size);
    }

    /** Waits for the next part of the body. */
    private Content.Chunk next(Duration slowest) throws RefusedException, IOException {
        Content.Chunk chunk = request.read();
        while (chunk == null) {
            try (Blocker.Runnable ready = Blocker.runnable()) {
                request.demand(ready);
                ready.block();
            }
            chunk = request.read();
        }
        if (Content.Chunk.isFailure(chunk, false) && chunk.getFailure() instanceof TimeoutException) {
            throw late(slowest);
        }
        if (Content.Chunk.isFailure(chunk)) {
            throw IO.rethrow(chunk.getFailure());
        }
        return chunk;
    }

    private static RefusedException late(Duration slowest) {
        return new RefusedException(408, "the body did not arrive within " + slowest.toSeconds() + " seconds");
    }

    /**
     * Reads the rest of the body as it comes, and forgets it. If the connection were closed while the client still sends, the
     * client might not see the reply: its system may discard what was received when it learns that the connection is broken.
     *
     * @param callback succeeds when the body is at its end; fails when there is more than is worth reading, which closes the
     *     connection
     */
    void skip(Callback callback) {
        if (isRead) {
            callback.succeeded();
        } else {
            new Skipping(request, callback).begin();
        }
    }

    /** Reads the rest of a body without a thread of its own. */
    private static final class Skipping implements Runnable {
        private final Request request;
        private final Callback callback;
        private Scheduler.@Nullable Task timer;
        private long skipped;
        private boolean ended;

        Skipping(Request request, Callback callback) {
            this.request = request;
            this.callback = callback;
        }

        synchronized void begin() {
            timer = request.getComponents()
                    .getScheduler()
                    .schedule(() -> end(new TimeoutException("the client did not stop sending")), LONGEST_SKIP);
            run();
        }

        /** Reads what has come. After too many bytes, the client has to wait for the end. */
        @Override
        public synchronized void run() {
            while (!ended && skipped <= MOST_SKIPPED) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                skipped += chunk.remaining();
                chunk.release();
                if (Content.Chunk.isFailure(chunk) || chunk.isLast()) {
                    end(chunk.getFailure());
                }
            }
        }

        private synchronized void end(@Nullable Throwable failure) {
            if (ended) {
                return;
            }
            ended = true;
            if (timer != null) {
                timer.cancel();
            }
            if (failure == null) {
                callback.succeeded();
            } else {
                callback.failed(failure);
            }
        }
    }
}
