package org.resnet4j.server.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Tensors as bytes: little-endian, row-major; a string has its length before it. */
public final class TensorBytes {
    private TensorBytes() {}

    /**
     * Reads an input tensor.
     *
     * @param data all bytes from its position to its limit; numbers are a view of them
     * @throws InvalidRequestException if their number does not suit the shape
     */
    public static InferInput read(String name, long[] shape, Datatype type, ByteBuffer data)
            throws InvalidRequestException {
        long elements = elements(name, shape);
        ByteBuffer bytes = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (type == Datatype.BYTES) {
            return new InferInput.Pictures(name, shape, strings(name, elements, bytes));
        }
        if (elements > Integer.MAX_VALUE || elements * type.bytes() != bytes.remaining()) {
            throw new InvalidRequestException("input '" + name + "' of shape " + InferInput.text(shape)
                    + " and datatype " + type + " needs " + described(elements, type) + ", got " + bytes.remaining());
        }
        if (type == Datatype.FP32) {
            return new InferInput.Floats(name, shape, bytes.asFloatBuffer());
        }
        float[] values = new float[(int) elements];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.float16ToFloat(bytes.getShort());
        }
        return new InferInput.Floats(name, shape, FloatBuffer.wrap(values));
    }

    private static String described(long elements, Datatype type) {
        return elements > Long.MAX_VALUE / type.bytes() ? "too many bytes" : elements * type.bytes() + " bytes";
    }

    /**
     * Returns the number of elements of a shape.
     *
     * @throws InvalidRequestException if an extent is not positive, or if there are more than fit a long
     */
    public static long elements(String name, long[] shape) throws InvalidRequestException {
        long elements = 1;
        try {
            for (long extent : shape) {
                if (extent < 1) {
                    throw new InvalidRequestException("input '" + name + "' has the shape " + InferInput.text(shape)
                            + "; every extent must be at least 1");
                }
                elements = Math.multiplyExact(elements, extent);
            }
        } catch (ArithmeticException overflow) {
            throw new InvalidRequestException(
                    "input '" + name + "' has the shape " + InferInput.text(shape) + ", which is too large");
        }
        return elements;
    }

    private static List<byte[]> strings(String name, long count, ByteBuffer bytes) throws InvalidRequestException {
        var strings = new ArrayList<byte[]>();
        while (bytes.hasRemaining()) {
            int at = bytes.position();
            long length = bytes.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(bytes.getInt());
            if (length < 0 || length > bytes.remaining()) {
                throw new InvalidRequestException("input '" + name + "' is cut off: element " + strings.size()
                        + ", at byte " + at + " of its data, "
                        + (length < 0
                                ? "has no length"
                                : "has " + length + " bytes, " + bytes.remaining() + " are left"));
            }
            byte[] string = new byte[(int) length];
            bytes.get(string);
            strings.add(string);
        }
        if (strings.size() != count) {
            throw new InvalidRequestException(
                    "input '" + name + "' should have " + count + " elements, got " + strings.size());
        }
        return strings;
    }

    /** Appends the elements of an output tensor. */
    public static void write(InferReply.Output output, ByteBuffer target) {
        ByteBuffer little = target.order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : output.rows()) {
            little.asFloatBuffer().put(row);
            little.position(little.position() + row.length * Float.BYTES);
        }
    }
}
