package org.resnet4j.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.resnet4j.onnx.proto.ModelProto;
import org.resnet4j.onnx.proto.ModelWriter;
import org.resnet4j.onnx.proto.OperatorSetId;
import org.resnet4j.resnet.ResNet;

/**
 * An ONNX file: a network with its weights, as other runtimes read it.
 *
 * <p>Written: IR version 8, operator set 17, float32, in evaluation: batch normalisation with the running statistics, as
 * a node of its own. Weights have the state dict's names and layouts. The graph takes {@code input [N, C, H, W]}, the
 * normalised images channel by channel, and gives {@code logits [N, classes]}.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/v1.12.0/docs/IR.md">the specification</a>
 */
public final class OnnxFile {
    /** The oldest that goes with the operator set; ONNX Runtime 1.12 and later read both. */
    private static final long IR_VERSION = 8;

    private static final long OPERATOR_SET = 17;

    private OnnxFile() {}

    /** Writes a network for batches of any size, of images of the size that its spec names. */
    public static void write(Path path, ResNet network) throws IOException {
        write(path, network, OnnxOptions.of(network.spec()));
    }

    /**
     * Writes a network by {@link org.resnet4j.file.AtomicFile}, straight from its weights, without a copy of them. The
     * same network and options give the same bytes. Nobody may train the network meanwhile.
     *
     * @throws IllegalArgumentException if the network cannot take images of the size in the options
     * @throws IOException if the file cannot be written, or would exceed the 2 GiB of a protobuf file; an older file of
     *     that name is whole
     */
    public static void write(Path path, ResNet network, OnnxOptions options) throws IOException {
        var model = new ModelProto(
                IR_VERSION,
                List.of(new OperatorSetId("", OPERATOR_SET)),
                "resnet4j",
                network.spec().name() + ", written by resnet4j",
                NetworkGraph.of(network, options));
        ModelWriter.write(path, model);
    }
}
