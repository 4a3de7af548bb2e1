package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Integer tensors as arguments of an operator, such as the starts of a slice. */
public record WholeNumbers(List<Long> values) implements TensorData {
    public WholeNumbers {
        values = List.copyOf(values);
    }

    public static WholeNumbers of(long... values) {
        return new WholeNumbers(Arrays.stream(values).boxed().toList());
    }

    /** Returns the constant argument of a node at this position. */
    public static List<Long> of(NodeProto node, int input, Map<String, TensorProto> constants) {
        TensorProto tensor = constants.get(node.inputs().get(input));
        if (tensor != null && tensor.data() instanceof WholeNumbers numbers) {
            return numbers.values();
        }
        throw new IllegalStateException(node.name() + " has no integers as input " + input);
    }

    @Override
    public DataType type() {
        return DataType.INT64;
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
