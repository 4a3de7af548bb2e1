package org.resnet4j.onnx.read;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.weights.MalformedFileException;

/**
 * A constant tensor of a file: the location of its elements, not the elements.
 *
 * @param name name of its value
 * @param typeNumber number of the element type in the schema
 * @param extents the extent of each axis; empty for a scalar
 * @param place location of the elements, row-major and little-endian; null if they are listed individually
 * @param wholes the individually listed elements of a small tensor
 * @param position position of the tensor in the file
 * @param scales the real numbers that the elements stand for; null if they are the elements themselves
 */
public record StoredTensor(
        String name,
        long typeNumber,
        List<Long> extents,
        @Nullable Place place,
        List<Long> wholes,
        long position,
        @Nullable Scales scales) {
    /** A range of bytes in an open file. */
    public record Place(Path path, FileChannel channel, long offset, long bytes) {}

    /**
     * The real numbers of integers, {@code (integer − zeroPoint) · step} of their channel.
     *
     * @param steps the step of each channel, or one for all
     * @param zeroPoints the zero point of each channel, or one for all
     * @param axis the axis of the channels
     * @param inner the number of elements of one channel in a row
     */
    public record Scales(float[] steps, int[] zeroPoints, int axis, int inner) {
        /** Returns true if each channel has its own step. */
        public boolean isPerChannel() {
            return steps.length > 1;
        }

        /** Returns the step of an element. */
        public float step(int index) {
            return steps[index / inner % steps.length];
        }

        /** Returns the zero point of an element. */
        public int zeroPoint(int index) {
            return zeroPoints[index / inner % zeroPoints.length];
        }
    }

    public StoredTensor {
        extents = List.copyOf(extents);
        wholes = List.copyOf(wholes);
    }

    /** Returns this tensor as one of real numbers. */
    StoredTensor scaled(Scales own) {
        return new StoredTensor(name, typeNumber, extents, place, wholes, position, own);
    }

    /**
     * Returns the number of elements.
     *
     * @throws ArithmeticException if the number overflows
     */
    long count() {
        long count = 1;
        for (long extent : extents) {
            count = Math.multiplyExact(count, extent);
        }
        return count;
    }

    /**
     * Returns the element type.
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
