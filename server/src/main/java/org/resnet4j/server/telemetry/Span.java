package org.resnet4j.server.telemetry;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request from its arrival to the last byte of its reply: who asked for what, how long each stage took, how it ended.
 * The term is OpenTelemetry's. For one thread at a time.
 */
public final class Span {
    /** How a request reaches the server. */
    public enum Transport {
        HTTP,
        GRPC;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    final Instant arrival = Instant.now();
    final long start = System.nanoTime();
    final Transport transport;
    final String client;
    final TraceContext trace;
    Operation operation = Operation.OTHER;
    String target = "";

    @Nullable
    String user;

    @Nullable
    String model;

    @Nullable
    String version;

    String status = "";
    Outcome outcome = Outcome.ABORTED;

    @Nullable
    String reason;

    long received;
    long sent;
    int images;
    int batch;
    long decodeNanos;
    long queueNanos;
    long computeNanos;

    Span(Transport transport, String client, @Nullable String traceparent) {
        this.transport = transport;
        this.client = client;
        trace = TraceContext.of(traceparent);
    }

    /** Returns the ID of the distributed trace that the request belongs to, 32 hexadecimal digits. */
    public String traceId() {
        return trace.traceId();
    }

    /**
     * Says what the request asks for.
     *
     * @param asked the address or the name of the method, as the client wrote it
     */
    public void asks(Operation what, String asked) {
        operation = what;
        target = asked;
    }

    /** Says whose token the request has. */
    public void user(String name) {
        user = name;
    }

    /** Says which model answers. */
    public void model(String name, String ofVersion) {
        model = name;
        version = ofVersion;
    }

    /** Adds bytes of the request. */
    public void received(long bytes) {
        received += bytes;
    }

    /** Adds the time in which pictures were decoded. */
    public void decoded(long nanos) {
        decodeNanos += nanos;
    }

    /**
     * Adds a computation.
     *
     * @param ofImages the images of this request
     * @param ofBatch the images that were computed together
     */
    public void computed(int ofImages, int ofBatch, long queuedNanos, long computedNanos) {
        images += ofImages;
        batch = Math.max(batch, ofBatch);
        queueNanos += queuedNanos;
        computeNanos += computedNanos;
    }

    /** Says why the request fails. */
    public void fails(String why) {
        reason = why;
    }

    /**
     * Says how the request ends.
     *
     * @param withStatus the status in the words of the transport
     * @param bytes the size of the reply
     */
    public void ends(String withStatus, Outcome how, long bytes) {
        status = withStatus;
        outcome = how;
        sent += bytes;
    }
}
