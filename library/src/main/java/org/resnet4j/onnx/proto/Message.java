package org.resnet4j.onnx.proto;

import java.util.List;

/** A message of the ONNX schema. Field numbers are the schema's; absent fields have protobuf's default. */
interface Message {
    /** Returns the message's fields. */
    List<Field> fields();

    /** Returns the message as a field of another. */
    default Field as(int number) {
        return new Field.Nested(number, fields());
    }
}
