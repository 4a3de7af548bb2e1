package org.resnet4j.weights.safetensors;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorSource;

/**
 * The contents of a safetensors file.
 *
 * <p>Reading: F32, F16, BF16, F8_E4M3, F8_E5M2, I16, U16, I8 and U8 are exact; F64, I64, I32, U64 and U32 are rounded
 * to the nearest float; BOOL gives 0 and 1. Other types (other floats of 8 bits and fewer, complex numbers) are
 * rejected. Writing: F32 and I8.
 *
 * @param tensors in the order of their bytes in the file
 * @param metadata strings by name, such as {@code format → pt}; empty if the file has none
 */
public record SafetensorsFile(StateDict tensors, Map<String, String> metadata) {
    public SafetensorsFile {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Creates contents without metadata. */
    public SafetensorsFile(StateDict tensors) {
        this(tensors, Map.of());
    }

    /**
     * Reads a whole file after checking every rule of the format. Memory is limited to a small multiple of the file's
     * size, whatever its header claims. {@link SafetensorsSource} reads tensor by tensor.
     *
     * @throws MalformedFileException if the file violates the format, or contains an unsupported type or extent
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsFile read(Path path) throws IOException {
        return SafetensorsReader.read(path);
    }

    /**
     * Reads only the metadata; the whole header is checked, but the tensors are not read.
     *
     * @throws MalformedFileException if the file violates the format
     * @throws IOException if the file cannot be read
     */
    public static Map<String, String> readMetadata(Path path) throws IOException {
        return SafetensorsReader.readHeader(path).metadata();
    }

    /**
     * Writes a file with {@link AtomicFile}: the tensors as F32, in their order. The same contents give the same bytes.
     *
     * @throws IllegalArgumentException if a tensor has the reserved name {@code __metadata__}
     * @throws IOException if the file cannot be written; an existing file of that name is unchanged
     */
    public void write(Path path) throws IOException {
        write(path, Set.of());
    }

    /**
     * Writes a file as {@link #write(Path)}, but some tensors as I8.
     *
     * @param bytes the names of the tensors that are written as I8
     * @throws IllegalArgumentException if one of these has an element that is not an integer from -128 to 127
     */
    public void write(Path path, Set<String> bytes) throws IOException {
        AtomicFile.write(path, channel -> write(channel, bytes));
    }

    /**
     * Writes the bytes of a file as {@link #write(Path, Set)}. The channel stays open.
     *
     * @throws IllegalArgumentException as {@link #write(Path, Set)}; nothing is written
     */
    public void write(WritableByteChannel channel, Set<String> bytes) throws IOException {
        SafetensorsWriter.write(channel, tensors, metadata, bytes);
    }

    /**
     * Writes tensors as F32, in their order, one after another. The channel stays open.
     *
     * @throws IllegalArgumentException if a tensor has the reserved name {@code __metadata__}; nothing is written
     * @throws IOException if a tensor cannot be read or the channel cannot be written
     */
    public static void write(WritableByteChannel channel, TensorSource tensors, Map<String, String> metadata)
            throws IOException {
        SafetensorsWriter.write(channel, tensors, metadata, Set.of());
    }
}
