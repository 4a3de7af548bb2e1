package org.resnet4j.onnx;

/** What a tensor's elements are ({@code TensorProto.DataType}). */
enum ElementType {
    FLOAT(1),
    INT64(7);

    private final int number;

    ElementType(int number) {
        this.number = number;
    }

    /** Its number in the schema. */
    int number() {
        return number;
    }
}
