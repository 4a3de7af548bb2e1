package org.resnet4j.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.telemetry.Outcome;
import org.resnet4j.server.telemetry.Span;

/** A request and its reply, as the answers see them. For one thread. */
final class Exchange {
    static final String JSON = "application/json";

    private static final int CHUNK = 1 << 16;
    private static final int SKIPPED_CHUNK = 1 << 14;
    private static final long MOST_SKIPPED = 4L << 20;
    private static final Duration LONGEST_SKIP = Duration.ofSeconds(5);
    private static final long NANOS = 1_000_000_000L;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Span span;
    private Map<String, String> path = Map.of();
    private boolean sent;
    /** True if there is no body, or it was read to its end. */
    private boolean isBodyRead;

    /** @param callback completed when the reply is written */
    Exchange(Request request, Response response, Callback callback, Span span) {
        this.span = span;
        this.request = request;
        this.response = response;
        this.callback = callback;
        isBodyRead = !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                && request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) <= 0;
    }

    /** Sets the values of the variable segments of the address. */
    Exchange at(Map<String, String> segments) {
        path = segments;
        return this;
    }

    /** Returns what is recorded of the request. */
    Span span() {
        return span;
    }

    /** Records the model of a lease, and returns the lease. */
    ModelCatalog.Lease uses(ModelCatalog.Lease lease) {
        span.model(lease.model().name().name(), lease.model().name().version());
        return lease;
    }

    String method() {
        return request.getMethod();
    }

    /** Returns the address of the client, if its connection has one. */
    @Nullable
    InetAddress client() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : null;
    }

    /** Returns the method and the address as the client wrote them. */
    String target() {
        return request.getMethod() + " " + request.getHttpURI().getPathQuery();
    }

    /** Returns the path of the address, without dot segments. */
    String address() {
        return request.getHttpURI().getCanonicalPath();
    }

    /** Returns a variable segment of the address; null if it has none of this name. */
    @Nullable
    String segment(String name) {
        return path.get(name);
    }

    /** Returns a parameter of the query, or null. */
    @Nullable
    String query(String name) {
        return Request.extractQueryParameters(request).getValue(name);
    }

    /** Returns a header of the request, or null. */
    @Nullable
    String header(String name) {
        return request.getHeaders().get(name);
    }

    /** Returns the declared length of the body; -1 if there is none. */
    long declaredLength() {
        return request.getLength();
    }

    /**
     * Reads the body, whose declared length, if there is one, is at most {@code largest}.
     *
     * @param largest the largest number of bytes
     * @param slowest the longest time that it may take
     * @throws RefusedException if the body is too large or too slow
     * @throws IOException if the connection breaks
     */
    byte[] body(long largest, Duration slowest) throws RefusedException, IOException {
        long end = System.nanoTime() + slowest.toNanos();
        long declared = declaredLength();
        byte[] body = new byte[declared < 0 ? CHUNK : Math.toIntExact(declared)];
        int size = 0;
        try (InputStream in = Request.asInputStream(request)) {
            while (size != declared) {
                if (size == body.length) {
                    body = Arrays.copyOf(body, Math.multiplyExact(size, 2));
                }
                int count = in.read(body, size, body.length - size);
                if (count < 0) {
                    break;
                }
                size += count;
                span.received(count);
                if (size > largest) {
                    throw new RefusedException(413, "the body has more than " + largest + " bytes");
                }
                if (System.nanoTime() - end > 0) {
                    throw new RefusedException(
                            408, "the body did not arrive within " + slowest.toSeconds() + " seconds");
                }
            }
        }
        isBodyRead = true;
        return size == body.length ? body : Arrays.copyOf(body, size);
    }

    /**
     * Reads the body and forgets it. A client that is refused while it still sends may not see the reply; so it is read, if
     * it is not too large and comes soon.
     */
    void skipBody() throws IOException {
        if (isBodyRead || declaredLength() > MOST_SKIPPED) {
            return;
        }
        long end = System.nanoTime() + LONGEST_SKIP.toNanos();
        try (InputStream in = Request.asInputStream(request)) {
            byte[] chunk = new byte[SKIPPED_CHUNK];
            long skipped = 0;
            for (int count = 0; count >= 0; count = in.read(chunk)) {
                skipped += count;
                if (skipped > MOST_SKIPPED || System.nanoTime() - end > 0) {
                    return;
                }
            }
            isBodyRead = true;
        }
    }

    /** Adds a header to the reply. */
    Exchange with(String name, String value) {
        response.getHeaders().put(name, value);
        return this;
    }

    /** Adds the header that says when to come back, in whole seconds. */
    Exchange withRetryAfter(Duration time) {
        return with(
                HttpHeader.RETRY_AFTER.asString(), Long.toString(Math.max(1, (time.toNanos() + NANOS - 1) / NANOS)));
    }

    /** Sends an error with its reason. */
    void fail(int status, String reason) {
        if (!sent) {
            span.fails(reason);
            send(status, Json.error(reason));
        }
    }

    /** Sends JSON. */
    void send(int status, byte[] json) {
        send(status, JSON, json);
    }

    /** Sends the reply. A second one is ignored. */
    void send(int status, String type, byte[] body) {
        if (sent) {
            return;
        }
        sent = true;
        span.ends(Integer.toString(status), Outcome.ofStatus(status), body.length);
        response.setStatus(status);
        if (!isBodyRead) {
            // the connection cannot be used again, and the client must know
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** Ends the exchange without a reply, because its connection is broken. */
    void abort(Throwable reason) {
        if (!sent) {
            sent = true;
            span.fails("the connection broke: " + reason.getMessage());
            callback.failed(reason);
        }
    }
}
