package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** The elements of a tensor in the layout of the file: row-major, little-endian. */
interface TensorData {
    /** Returns the element type. */
    DataType type();

    /** Returns the number of bytes of all elements. */
    long bytes();

    /** Writes exactly {@link #bytes} bytes. */
    void writeTo(CodedOutputStream output) throws IOException;
}
