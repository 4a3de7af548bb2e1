package org.resnet4j.weights.safetensors;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.element.ElementReader;
import org.resnet4j.weights.element.ElementType;

/**
 * An open safetensors file, read tensor by tensor. The whole header is checked when the file is opened; tensors are
 * read on request. Not thread-safe.
 */
public final class SafetensorsSource implements TensorFile {
    private final Path path;
    private final Content content;
    private final Header header;
    private final Map<String, Header.Entry> entries = new LinkedHashMap<>();
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final ElementReader elements = new ElementReader();

    /** The bytes of the file. */
    private sealed interface Content {
        /** An open file. */
        record OnDisk(FileChannel channel) implements Content {}

        /** A file in memory. */
        @SuppressWarnings("ArrayRecordComponent") // shared with the caller, and never compared
        record InMemory(byte[] bytes) implements Content {}
    }

    private SafetensorsSource(Path path, Content content, Header header) {
        this.path = path;
        this.content = content;
        this.header = header;
        for (Header.Entry entry : header.entries()) {
            entries.put(entry.name(), entry);
            shapes.put(entry.name(), entry.shape());
        }
    }

    /**
     * Opens a file and checks every rule of the format.
     *
     * @throws MalformedFileException if the file violates the format, or contains an unsupported type or extent
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsSource open(Path path) throws IOException {
        FileChannel channel = SafetensorsReader.open(path);
        try {
            Header header = SafetensorsReader.header(path, channel, channel.size());
            return new SafetensorsSource(path, new Content.OnDisk(channel), header);
        } catch (Throwable failure) {
            channel.close();
            throw failure;
        }
    }

    /**
     * Opens a file in memory and checks every rule of the format. Closing it has no effect.
     *
     * @param path the name of the file for messages
     * @param bytes the content of the file; not copied
     * @throws MalformedFileException if the file violates the format, or contains an unsupported type or extent
     */
    public static SafetensorsSource of(Path path, byte[] bytes) throws IOException {
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(bytes));
        Header header = SafetensorsReader.header(path, channel, bytes.length);
        return new SafetensorsSource(path, new Content.InMemory(bytes), header);
    }

    /** Returns strings by name, such as {@code format → pt}; empty if the file has none. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** Returns the shapes in the order of the tensors' bytes in the file. */
    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) throws IOException {
        Header.Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(path + " has no tensor named " + name);
        }
        Objects.checkFromIndexSize(start, count, entry.shape().size());
        Objects.checkFromIndexSize(0, count, target.length);
        ElementType type = entry.dtype();
        long offset = header.dataStart() + entry.begin() + (long) start * type.bytes();
        switch (content) {
            case Content.OnDisk(FileChannel channel) -> elements.read(path, channel, offset, type, count, target);
            case Content.InMemory(byte[] bytes) ->
                ElementReader.read(bytes, Math.toIntExact(offset), type, count, target);
        }
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        if (content instanceof Content.OnDisk(FileChannel channel)) {
            channel.close();
        }
    }
}
