package org.resnet4j.onnx.read;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.weights.MalformedFileException;

/**
 * A constant tensor of a file: where its elements lie, not the elements.
 *
 * @param name of the value that it is
 * @param typeNumber of its elements in the schema
 * @param extents of each axis; none for a single number
 * @param place where the elements lie, row-major and little-endian; null where they are told one by one
 * @param wholes the elements of a small tensor that are told one by one
 * @param position of the tensor in the file
 */
public record StoredTensor(
        String name,
        long typeNumber,
        List<Long> extents,
        @Nullable Place place,
        List<Long> wholes,
        long position) {
    /** A stretch of an open file. */
    public record Place(Path path, FileChannel channel, long offset, long bytes) {}

    public StoredTensor {
        extents = List.copyOf(extents);
        wholes = List.copyOf(wholes);
    }

    /**
     * How many elements there are.
     *
     * @throws ArithmeticException if they are more than a number can tell
     */
    long count() {
        long count = 1;
        for (long extent : extents) {
            count = Math.multiplyExact(count, extent);
        }
        return count;
    }

    /**
     * What the elements are.
     *
     * @throws MalformedFileException if weights of this type cannot be read
     */
    public DataType type(Path file) throws MalformedFileException {
        return DataType.numbered(typeNumber)
                .orElseThrow(() -> new MalformedFileException(
                        file,
                        position,
                        "tensor '" + name + "' has elements of type " + typeNumber
                                + ", which is not supported; float, double, float16 and bfloat16 are"));
    }
}
