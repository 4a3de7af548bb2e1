package org.resnet4j.weights.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.element.ElementType;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A writer of files: float32 or bytes, little-endian, the header padded with spaces so that the data starts at a multiple of 8.
 */
final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final String METADATA = "__metadata__";

    private SafetensorsWriter() {}

    static void write(WritableByteChannel channel, SafetensorsFile contents, Set<String> bytes) throws IOException {
        bytes.forEach(name -> checkBytes(name, contents.tensors().get(name)));
        byte[] header = header(contents, bytes);
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        drain(channel, chunk.putLong(header.length));
        drainAll(channel, ByteBuffer.wrap(header));
        for (Map.Entry<String, Tensor> entry : contents.tensors().tensors().entrySet()) {
            if (bytes.contains(entry.getKey())) {
                encodeBytes(channel, chunk, entry.getValue());
            } else {
                encode(channel, chunk, entry.getValue());
            }
        }
    }

    private static void checkBytes(String name, @Nullable Tensor tensor) {
        if (tensor == null) {
            throw new IllegalArgumentException("there is no tensor " + name);
        }
        for (float element : tensor.array()) {
            if (element != (byte) element) {
                throw new IllegalArgumentException(name + " has the element " + element + ", which is not a byte");
            }
        }
    }

    private static byte[] header(SafetensorsFile contents, Set<String> byteNames) {
        Map<String, Tensor> tensors = contents.tensors().tensors();
        if (tensors.containsKey(METADATA)) {
            throw new IllegalArgumentException("no tensor may be named " + METADATA);
        }
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!contents.metadata().isEmpty()) {
                json.writeObjectPropertyStart(METADATA);
                contents.metadata().forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor tensor = entry.getValue();
                ElementType type = byteNames.contains(entry.getKey()) ? ElementType.I8 : ElementType.F32;
                long end = begin + (long) tensor.size() * type.bytes();
                json.writeObjectPropertyStart(entry.getKey());
                json.writeStringProperty("dtype", type.name());
                json.writeName("shape");
                json.writeArray(tensor.shape().toArray(), 0, tensor.shape().rank());
                json.writeName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        while (bytes.size() % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        if (bytes.size() > SafetensorsReader.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("names, shapes and metadata need a header of " + bytes.size()
                    + " bytes, the limit is " + SafetensorsReader.MAX_HEADER_BYTES);
        }
        return bytes.toByteArray();
    }

    private static void encode(WritableByteChannel channel, ByteBuffer chunk, Tensor tensor) throws IOException {
        int chunkFloats = CHUNK_BYTES / Float.BYTES;
        for (int start = 0; start < tensor.size(); start += chunkFloats) {
            int count = Math.min(chunkFloats, tensor.size() - start);
            chunk.clear();
            chunk.asFloatBuffer().put(tensor.array(), start, count);
            drain(channel, chunk.position(count * Float.BYTES));
        }
    }

    private static void encodeBytes(WritableByteChannel channel, ByteBuffer chunk, Tensor tensor) throws IOException {
        chunk.clear();
        for (int i = 0; i < tensor.size(); i++) {
            if (!chunk.hasRemaining()) {
                drain(channel, chunk);
            }
            chunk.put((byte) tensor.array()[i]);
        }
        drain(channel, chunk);
    }

    private static void drain(WritableByteChannel channel, ByteBuffer filled) throws IOException {
        drainAll(channel, filled.flip());
        filled.clear();
    }

    private static void drainAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
