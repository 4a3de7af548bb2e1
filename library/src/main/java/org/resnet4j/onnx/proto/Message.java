package org.resnet4j.onnx.proto;

import java.util.List;

/** A message of ONNX's schema. Field numbers are the schema's; absent fields have protobuf's default. */
interface Message {
    /** What the message holds, as protobuf. */
    List<Field> fields();

    /** The message as a field of another. */
    default Field as(int number) {
        return new Field.Nested(number, fields());
    }
}
