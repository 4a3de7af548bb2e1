package org.resnet4j.server.telemetry;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** A line of the access log: a JSON object with what is known of a request. */
final class AccessLine {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int LONGEST_TEXT = 1000;

    private AccessLine() {}

    /** Returns the line, with its end. */
    static byte[] of(Span span, long nanos) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false);
            json.writeStartObject();
            json.writeStringProperty("time", span.arrival.toString());
            json.writeStringProperty("trace_id", span.trace.traceId());
            json.writeStringProperty("span_id", span.trace.spanId());
            text(json, "parent_id", span.trace.parentId());
            json.writeStringProperty("client", span.client);
            text(json, "user", span.user);
            json.writeStringProperty("transport", span.transport.text());
            json.writeStringProperty("operation", span.operation.text());
            text(json, "target", span.target);
            text(json, "model", span.model);
            text(json, "version", span.version);
            json.writeStringProperty("outcome", span.outcome.text());
            text(json, "status", span.status.isEmpty() ? null : span.status);
            json.writeNumberProperty("received_bytes", span.received);
            json.writeNumberProperty("sent_bytes", span.sent);
            if (span.images > 0) {
                json.writeNumberProperty("images", span.images);
                json.writeNumberProperty("batch", span.batch);
            }
            millis(json, "decode_ms", span.decodeNanos);
            millis(json, "queue_ms", span.queueNanos);
            millis(json, "compute_ms", span.computeNanos);
            millis(json, "duration_ms", nanos);
            text(json, "error", span.reason);
            json.writeEndObject();
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value.substring(0, Math.min(value.length(), LONGEST_TEXT)));
        }
    }

    private static void millis(JsonGenerator json, String name, long nanos) {
        if (nanos > 0) {
            json.writeNumberProperty(name, Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0);
        }
    }
}
