package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A tensor of the network, read in place while it is written, in the order of files: the output channel, last in the
 * network, comes first, then the input channel, then the position in the window.
 *
 * @param shape {@code [KH, KW, in, out]}, {@code [in, out]} or {@code [channels]}
 * @param tensor supplier of the tensor, with the elements of this shape in this order
 */
public record Weights(Shape shape, Supplier<Tensor> tensor) implements TensorData {
    /** Returns the extents in the file: {@code [out, in, KH, KW]}, {@code [out, in]} or {@code [channels]}. */
    public List<Long> extents() {
        return extents(shape);
    }

    /** Returns the extents in the file of a tensor of the network. */
    static List<Long> extents(Shape shape) {
        int[] extents = switch (shape.rank()) {
            case 4 -> new int[] {shape.extent(3), shape.extent(2), shape.extent(0), shape.extent(1)};
            case 2 -> new int[] {shape.extent(1), shape.extent(0)};
            case 1 -> shape.toArray();
            default -> throw new IllegalArgumentException("weights of shape " + shape + " have no file layout");
        };
        return Arrays.stream(extents).asLongStream().boxed().toList();
    }

    /** Returns the element of a one-element tensor. */
    public static float single(TensorProto tensor) {
        if (tensor.data() instanceof Weights weights && weights.shape.size() == 1) {
            return weights.tensor.get().array()[0];
        }
        throw new IllegalStateException(tensor.name() + " is not a single number");
    }

    @Override
    public DataType type() {
        return DataType.FLOAT;
    }

    @Override
    public long bytes() {
        return (long) shape.size() * Float.BYTES;
    }

    @Override
    public void writeTo(CodedOutputStream output) throws IOException {
        float[] array = tensor.get().array();
        inFileOrder(shape, index -> output.writeFloatNoTag(array[index]));
    }

    /** Writes the element at an index. */
    interface ElementWriter {
        void write(int index) throws IOException;
    }

    /** Writes the elements of a tensor in the order of files. */
    static void inFileOrder(Shape shape, ElementWriter writer) throws IOException {
        int out = shape.extent(shape.rank() - 1);
        int in = shape.rank() < 2 ? 1 : shape.extent(shape.rank() - 2);
        int places = shape.size() / (in * out);
        for (int k = 0; k < out; k++) {
            for (int c = 0; c < in; c++) {
                for (int place = 0; place < places; place++) {
                    writer.write((place * in + c) * out + k);
                }
            }
        }
    }
}
