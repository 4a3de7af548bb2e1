package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** The elements of a tensor in the layout of the file: row-major, little-endian. */
interface TensorData {
    /** What the elements are. */
    DataType type();

    /** Bytes of all elements. */
    long bytes();

    /** Writes exactly {@link #bytes} bytes. */
    void writeTo(CodedOutputStream output) throws IOException;
}
