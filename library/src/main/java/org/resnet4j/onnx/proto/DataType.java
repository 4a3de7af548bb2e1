package org.resnet4j.onnx.proto;

import java.util.Arrays;
import java.util.Optional;
import org.resnet4j.weights.element.ElementType;

/** What a tensor's elements are ({@code TensorProto.DataType}); those that weights come in. */
public enum DataType {
    FLOAT(1, ElementType.F32),
    INT32(6, ElementType.I32),
    INT64(7, ElementType.I64),
    FLOAT16(10, ElementType.F16),
    DOUBLE(11, ElementType.F64),
    BFLOAT16(16, ElementType.BF16);

    private final int number;
    private final ElementType elements;

    DataType(int number, ElementType elements) {
        this.number = number;
        this.elements = elements;
    }

    public static Optional<DataType> numbered(long number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    /** Its number in the schema. */
    int number() {
        return number;
    }

    /** How its elements are stored. */
    public ElementType elements() {
        return elements;
    }
}
