package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.List;
import org.resnet4j.tensor.Shape;

/**
 * Weights of 8 bits, in the layout of {@link Weights}.
 *
 * @param shape {@code [KH, KW, in, out]} or {@code [in, out]}
 * @param elements the elements of this shape
 */
public record ByteWeights(Shape shape, byte[] elements) implements TensorData {
    /** Returns the extents in the file: {@code [out, in, KH, KW]} or {@code [out, in]}. */
    public List<Long> extents() {
        return Weights.extents(shape);
    }

    @Override
    public DataType type() {
        return DataType.INT8;
    }

    @Override
    public long bytes() {
        return elements.length;
    }

    @Override
    public void writeTo(CodedOutputStream output) throws IOException {
        Weights.inFileOrder(shape, index -> output.write(elements[index]));
    }
}
