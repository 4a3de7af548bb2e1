package org.resnet4j.onnx.proto;

import java.util.Arrays;
import java.util.Optional;
import org.resnet4j.weights.element.ElementType;

/** The element type of a tensor ({@code TensorProto.DataType}), limited to the types of weights. */
public enum DataType {
    FLOAT(1, ElementType.F32),
    UINT8(2, ElementType.U8),
    INT8(3, ElementType.I8),
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

    /** Returns the number in the schema. */
    public int number() {
        return number;
    }

    /** Returns the storage format of the elements. */
    public ElementType elements() {
        return elements;
    }
}
