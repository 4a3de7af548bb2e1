package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;

/**
 * A field of a protobuf message: its number in the schema, and a value whose size is known before it is written.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public sealed interface Field {
    /** Returns the number of bytes in the file, including tag and length. */
    long size();

    /** Writes exactly {@link #size} bytes. */
    void writeTo(CodedOutputStream output) throws IOException;

    /** Returns the total number of bytes of fields. */
    static long sizeOf(List<Field> fields) {
        return fields.stream().mapToLong(Field::size).sum();
    }

    /** An {@code int32}, {@code int64} or enumeration. */
    record Int64(int number, long value) implements Field {
        @Override
        public long size() {
            return CodedOutputStream.computeInt64Size(number, value);
        }

        @Override
        public void writeTo(CodedOutputStream output) throws IOException {
            output.writeInt64(number, value);
        }
    }

    /** A {@code float}. */
    record Float32(int number, float value) implements Field {
        @Override
        public long size() {
            return CodedOutputStream.computeFloatSize(number, value);
        }

        @Override
        public void writeTo(CodedOutputStream output) throws IOException {
            output.writeFloat(number, value);
        }
    }

    /** A {@code string}. */
    record Text(int number, String value) implements Field {
        @Override
        public long size() {
            return CodedOutputStream.computeStringSize(number, value);
        }

        @Override
        public void writeTo(CodedOutputStream output) throws IOException {
            output.writeString(number, value);
        }
    }

    /** {@code bytes}: the elements of a tensor, produced while they are written. */
    record Bytes(int number, TensorData value) implements Field {
        @Override
        public long size() {
            return sizeWithLength(number, value.bytes());
        }

        @Override
        public void writeTo(CodedOutputStream output) throws IOException {
            writeLength(output, number, value.bytes());
            value.writeTo(output);
        }
    }

    /**
     * A nested message.
     *
     * @param content the total number of bytes of its fields
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
        public void writeTo(CodedOutputStream output) throws IOException {
            writeLength(output, number, content);
            for (Field field : fields) {
                field.writeTo(output);
            }
        }
    }

    private static long sizeWithLength(int number, long length) {
        return CodedOutputStream.computeTagSize(number) + CodedOutputStream.computeUInt64SizeNoTag(length) + length;
    }

    private static void writeLength(CodedOutputStream output, int number, long length) throws IOException {
        output.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        output.writeUInt64NoTag(length);
    }
}
