package org.resnet4j.weights.safetensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.TensorSource;
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

    static void write(
            WritableByteChannel channel, TensorSource tensors, Map<String, String> metadata, Set<String> bytes)
            throws IOException {
        Map<String, Shape> shapes = tensors.shapes();
        for (String name : bytes) {
            checkBytes(name, tensors, shapes.get(name));
        }
        byte[] header = header(shapes, metadata, bytes);
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        drain(channel, chunk.putLong(header.length));
        drainAll(channel, ByteBuffer.wrap(header));
        float[] elements = new float[CHUNK_BYTES / Float.BYTES];
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            String name = entry.getKey();
            boolean asBytes = bytes.contains(name);
            int size = entry.getValue().size();
            for (int start = 0; start < size; start += elements.length) {
                int count = Math.min(elements.length, size - start);
                tensors.read(name, start, count, elements);
                if (asBytes) {
                    putBytes(chunk, elements, count);
                } else {
                    chunk.asFloatBuffer().put(elements, 0, count);
                    chunk.position(count * Float.BYTES);
                }
                drain(channel, chunk);
            }
        }
    }

    private static void checkBytes(String name, TensorSource tensors, @Nullable Shape shape) throws IOException {
        if (shape == null) {
            throw new IllegalArgumentException("there is no tensor " + name);
        }
        float[] elements = new float[shape.size()];
        tensors.read(name, 0, elements.length, elements);
        for (float element : elements) {
            if (element != (byte) element) {
                throw new IllegalArgumentException(name + " has the element " + element + ", which is not a byte");
            }
        }
    }

    private static byte[] header(Map<String, Shape> shapes, Map<String, String> metadata, Set<String> byteNames) {
        if (shapes.containsKey(METADATA)) {
            throw new IllegalArgumentException("no tensor may be named " + METADATA);
        }
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(METADATA);
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
                Shape shape = entry.getValue();
                ElementType type = byteNames.contains(entry.getKey()) ? ElementType.I8 : ElementType.F32;
                long end = begin + (long) shape.size() * type.bytes();
                json.writeObjectPropertyStart(entry.getKey());
                json.writeStringProperty("dtype", type.name());
                json.writeName("shape");
                json.writeArray(shape.toArray(), 0, shape.rank());
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

    private static void putBytes(ByteBuffer chunk, float[] elements, int count) {
        for (int i = 0; i < count; i++) {
            chunk.put((byte) elements[i]);
        }
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
