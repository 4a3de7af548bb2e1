package org.resnet4j.weights.safetensors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/**
 * The contents of a safetensors file.
 *
 * <p>Read: F32 bit by bit; F16 and BF16 exactly, as every value of theirs is a float; F64, I64, I32, U64 and U32
 * rounded to the nearest float; I16, U16, I8, U8 exactly; BOOL as 0 and 1. Other types (the 8-bit floats and smaller,
 * complex numbers) are refused. Written: F32 alone.
 *
 * @param tensors in the order of their bytes in the file
 * @param metadata strings by name, such as {@code format → pt}; empty where the file has none
 */
public record SafetensorsFile(StateDict tensors, Map<String, String> metadata) {
    public SafetensorsFile {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Tensors without metadata. */
    public SafetensorsFile(StateDict tensors) {
        this(tensors, Map.of());
    }

    /**
     * Reads a file whole, after checking every rule of the format. Memory stays within a small multiple of the file's
     * size, whatever its header claims. {@link SafetensorsSource} reads tensor by tensor.
     *
     * @throws MalformedFileException if the file breaks the format, or holds a type or an extent that is not supported
     * @throws IOException if the file cannot be read
     */
    public static SafetensorsFile read(Path path) throws IOException {
        return SafetensorsReader.read(path);
    }

    /**
     * Reads the metadata alone; the header is checked whole, the tensors are not read.
     *
     * @throws MalformedFileException if the file breaks the format
     * @throws IOException if the file cannot be read
     */
    public static Map<String, String> readMetadata(Path path) throws IOException {
        return SafetensorsReader.readHeader(path).metadata();
    }

    /**
     * Writes a file by {@link AtomicFile}: the tensors as F32, in their order. The same contents give the same bytes.
     *
     * @throws IllegalArgumentException if a tensor has the reserved name {@code __metadata__}
     * @throws IOException if the file cannot be written; an older file of that name is whole
     */
    public void write(Path path) throws IOException {
        SafetensorsWriter.write(path, this);
    }
}
