package org.resnet4j.onnx.proto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A field of a protobuf message: its number in the schema, and a value that knows its size before it is written.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public sealed interface Field {
    /** Bytes in the file, with tag and length. */
    long size();

    /** Writes exactly {@link #size} bytes. */
    void writeTo(WireOutput output) throws IOException;

    /** How many bytes fields take together. */
    static long sizeOf(List<Field> fields) {
        return fields.stream().mapToLong(Field::size).sum();
    }

    /** An {@code int32}, {@code int64} or enumeration. */
    record Int64(int number, long value) implements Field {
        @Override
        public long size() {
            return WireOutput.tagSize(number) + WireOutput.varintSize(value);
        }

        @Override
        public void writeTo(WireOutput output) throws IOException {
            output.tag(number, Wire.VARINT);
            output.varint(value);
        }
    }

    /** A {@code float}. */
    record Float32(int number, float value) implements Field {
        @Override
        public long size() {
            return WireOutput.tagSize(number) + Float.BYTES;
        }

        @Override
        public void writeTo(WireOutput output) throws IOException {
            output.tag(number, Wire.FIXED32);
            output.fixed32(value);
        }
    }

    /** A {@code string}. */
    record Text(int number, String value) implements Field {
        @Override
        public long size() {
            return sizeWithLength(number, encoded().length);
        }

        @Override
        public void writeTo(WireOutput output) throws IOException {
            byte[] bytes = encoded();
            writeLength(output, number, bytes.length);
            output.bytes(bytes);
        }

        private byte[] encoded() {
            return value.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** {@code bytes}: the elements of a tensor, made while they are written. */
    record Bytes(int number, TensorData value) implements Field {
        @Override
        public long size() {
            return sizeWithLength(number, value.bytes());
        }

        @Override
        public void writeTo(WireOutput output) throws IOException {
            writeLength(output, number, value.bytes());
            value.writeTo(output);
        }
    }

    /**
     * A message inside a message.
     *
     * @param content the bytes of its fields
     */
    record Nested(int number, List<Field> fields, long content) implements Field {
        Nested(int number, List<Field> fields) {
            this(number, List.copyOf(fields), sizeOf(fields));
        }

        @Override
        public long size() {
            return sizeWithLength(number, content);
        }

        @Override
        public void writeTo(WireOutput output) throws IOException {
            writeLength(output, number, content);
            for (Field field : fields) {
                field.writeTo(output);
            }
        }
    }

    private static long sizeWithLength(int number, long length) {
        return WireOutput.tagSize(number) + WireOutput.varintSize(length) + length;
    }

    private static void writeLength(WireOutput output, int number, long length) throws IOException {
        output.tag(number, Wire.BYTES);
        output.varint(length);
    }
}
