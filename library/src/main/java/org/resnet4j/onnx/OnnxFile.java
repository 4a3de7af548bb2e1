package org.resnet4j.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.ModelProto;
import org.resnet4j.onnx.proto.ModelWriter;
import org.resnet4j.onnx.proto.OperatorSetId;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.weights.TensorFile;

/**
 * Writes a network with its weights to an ONNX file, for use in other runtimes.
 *
 * <p>Files have IR version 8, operator set 17 and float32 weights, and hold the network in evaluation mode: batch
 * normalization is a separate node with the running statistics. Quantized networks have weights of 8 bits and no
 * normalization after a convolution. Weights have the state dict's names and layouts. The
 * graph takes {@code input [N, C, H, W]}, the normalized images in planar layout, and returns {@code logits [N,
 * classes]}.
 *
 * @since 0.1.0
 * @see <a href="https://github.com/onnx/onnx/blob/v1.12.0/docs/IR.md">the specification</a>
 */
public final class OnnxFile {
    /** The oldest version compatible with the operator set; ONNX Runtime 1.12 and later read both. */
    private static final long IR_VERSION = 8;

    private static final long OPERATOR_SET = 17;

    private OnnxFile() {}

    /** Writes a network for batches of any size and images of the size in its spec. */
    public static void write(Path path, ResNet network) throws IOException {
        write(path, network, OnnxOptions.of(network.spec()));
    }

    /**
     * Writes a network by {@link org.resnet4j.file.AtomicFile}, directly from its weights, without copying them. The
     * same network and options give identical bytes. The network must not be trained meanwhile.
     *
     * @throws IllegalArgumentException if the network cannot take images of the size in the options, or has another
     *     number of classes than names
     * @throws IOException if the file cannot be written, or would exceed the 2 GiB limit of protobuf; an older file of
     *     that name is intact
     */
    public static void write(Path path, ResNet network, OnnxOptions options) throws IOException {
        write(path, network, options, NetworkGraph.of(network, options));
    }

    /**
     * Writes a network as {@link #write(Path, ResNet, OnnxOptions)}, in the number format of its file of weights. If
     * they are quantized, the file has the same integers and scales: weights of 8 bits with a scale for each output
     * channel, and a pair of {@code QuantizeLinear} and {@code DequantizeLinear} for each value in bytes.
     *
     * @param network the network with these weights
     * @param weights the open file of weights of a model: {@code ModelFile.weights()}
     * @throws IllegalArgumentException as there, or if the weights are those of another network
     * @throws IOException as there, or if the weights cannot be read
     */
    public static void write(Path path, ResNet network, TensorFile weights, OnnxOptions options) throws IOException {
        if (weights instanceof Quantized quantized) {
            write(path, network, options, QuantizedGraph.of(network, quantized.quantization(), options));
        } else {
            write(path, network, options);
        }
    }

    private static void write(Path path, ResNet network, OnnxOptions options, GraphProto graph) throws IOException {
        int names = options.labels().size();
        if (names > 0 && names != network.classes()) {
            throw new IllegalArgumentException(
                    names + " class names for a network of " + network.classes() + " classes");
        }
        var model = new ModelProto(
                IR_VERSION,
                List.of(new OperatorSetId("", OPERATOR_SET)),
                "resnet4j",
                network.spec().name() + ", written by resnet4j",
                graph,
                LabelMetadata.of(options.labels()));
        ModelWriter.write(path, model);
    }
}
