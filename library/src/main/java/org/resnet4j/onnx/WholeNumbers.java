package org.resnet4j.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Arguments of an operator that are tensors of whole numbers, such as where a slice starts. */
record WholeNumbers(List<Long> values) implements TensorData {
    WholeNumbers {
        values = List.copyOf(values);
    }

    static WholeNumbers of(long... values) {
        return new WholeNumbers(Arrays.stream(values).boxed().toList());
    }

    @Override
    public ElementType type() {
        return ElementType.INT64;
    }

    @Override
    public long bytes() {
        return (long) values.size() * Long.BYTES;
    }

    @Override
    public void writeTo(CodedOutputStream output) throws IOException {
        for (long value : values) {
            output.writeFixed64NoTag(value);
        }
    }
}
