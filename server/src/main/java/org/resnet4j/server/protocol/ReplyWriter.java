package org.resnet4j.server.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** A writer of replies: JSON, and after it the outputs that were wanted as bytes. */
public final class ReplyWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int JSON_BYTES = 512;

    private ReplyWriter() {}

    /**
     * The body of a reply.
     *
     * @param jsonLength the length of the JSON, which has no binary outputs after it if it is that of the body
     */
    public record Body(byte[] bytes, int jsonLength) {
        /** Returns true if binary outputs follow the JSON. */
        public boolean isBinary() {
            return jsonLength < bytes.length;
        }
    }

    /** Returns the body of a reply. */
    public static Body write(InferReply reply) {
        byte[] json = json(reply);
        int binary = reply.outputs().stream()
                .filter(InferReply.Output::binary)
                .mapToInt(output -> output.size() * Float.BYTES)
                .sum();
        if (binary == 0) {
            return new Body(json, json.length);
        }
        ByteBuffer body =
                ByteBuffer.allocate(Math.addExact(json.length, binary)).put(json);
        reply.outputs().stream().filter(InferReply.Output::binary).forEach(output -> TensorBytes.write(output, body));
        return new Body(body.array(), json.length);
    }

    private static byte[] json(InferReply reply) {
        var bytes = new ByteArrayOutputStream(JSON_BYTES);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", reply.model());
            json.writeStringProperty("model_version", reply.version());
            if (reply.id() != null) {
                json.writeStringProperty("id", reply.id());
            }
            json.writeArrayPropertyStart("outputs");
            for (InferReply.Output output : reply.outputs()) {
                output(json, output);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void output(JsonGenerator json, InferReply.Output output) {
        json.writeStartObject();
        json.writeStringProperty("name", output.name());
        json.writeStringProperty("datatype", Datatype.FP32.name());
        json.writeName("shape");
        long[] shape = output.shape();
        json.writeArray(shape, 0, shape.length);
        if (output.binary()) {
            json.writeObjectPropertyStart("parameters");
            json.writeNumberProperty("binary_data_size", output.size() * Float.BYTES);
            json.writeEndObject();
        } else {
            json.writeArrayPropertyStart("data");
            for (float[] row : output.rows()) {
                for (float element : row) {
                    json.writeNumber(element);
                }
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
