package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/**
 * Integers of 8 or 32 bits: zero points and biases.
 *
 * @param type their type
 * @param values the integers
 */
public record Integers(DataType type, int[] values) implements TensorData {
    @Override
    public long bytes() {
        return (long) values.length * type.elements().bytes();
    }

    @Override
    public void writeTo(CodedOutputStream output) throws IOException {
        for (int value : values) {
            if (type == DataType.INT32) {
                output.writeFixed32NoTag(value);
            } else {
                output.write((byte) value);
            }
        }
    }
}
