package org.resnet4j.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
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

    private static final long NANOS = 1_000_000_000L;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Runnable replied;
    private final Span span;
    private final RequestBody body;
    private Map<String, String> path = Map.of();
    private boolean sent;

    /**
     * @param callback completed when the connection is free for the next request
     * @param replied called before that, when the reply is written, or never will be
     */
    Exchange(Request request, Response response, Callback callback, Runnable replied, Span span) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.replied = replied;
        this.span = span;
        body = new RequestBody(request);
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
        return body.read(largest, slowest, span);
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

    /** Sends the reply, at once and whole. A second one is ignored. */
    void send(int status, String type, byte[] content) {
        if (sent) {
            return;
        }
        sent = true;
        span.ends(Integer.toString(status), Outcome.ofStatus(status), content.length);
        boolean isLast = body.isRead() || !body.isSkippable();
        response.setStatus(status);
        if (!body.isRead() && isLast) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        response.write(isLast, ByteBuffer.wrap(content), Callback.from(this::skip, this::end));
    }

    /** Completes the exchange when the client has sent its body. Until then the connection is open. */
    private void skip() {
        replied.run();
        body.skip(callback);
    }

    private void end(Throwable failure) {
        replied.run();
        callback.failed(failure);
    }

    /** Ends the exchange without a reply, because its connection is broken. */
    void abort(Throwable reason) {
        if (!sent) {
            sent = true;
            span.fails("the connection broke: " + reason.getMessage());
            end(reason);
        }
    }
}
