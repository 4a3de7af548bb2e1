package org.resnet4j.server.grpc;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.resnet4j.server.infer.ModelTensors;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.protocol.Datatype;
import org.resnet4j.server.protocol.InferReply;
import org.resnet4j.server.protocol.TensorBytes;

/** The replies of the service, as messages. */
final class Replies {
    private Replies() {}

    /** Returns a {@code ServerLiveResponse}, {@code ServerReadyResponse} or {@code ModelReadyResponse}. */
    static byte[] flag(boolean value) {
        return Messages.write(out -> out.writeBool(1, value));
    }

    /** Returns a {@code ServerMetadataResponse}. */
    static byte[] server(String name, String version) {
        return Messages.write(out -> {
            out.writeString(1, name);
            out.writeString(2, version);
        });
    }

    /** Returns a {@code ModelMetadataResponse}. */
    static byte[] model(ServedModel model, List<String> versions) {
        return Messages.write(out -> {
            out.writeString(1, model.name().name());
            for (String version : versions) {
                out.writeString(2, version);
            }
            out.writeString(3, ModelTensors.PLATFORM);
            out.writeByteArray(4, tensor(ModelTensors.INPUT, ModelTensors.inputShape(model)));
            for (ModelTensors.Output output : ModelTensors.Output.values()) {
                out.writeByteArray(5, tensor(output.text(), -1, output.length(model)));
            }
        });
    }

    private static byte[] tensor(String name, long... shape) {
        return Messages.write(out -> tensor(out, name, shape));
    }

    /** Writes the fields that describe a tensor, which have the same numbers in all messages. */
    private static void tensor(CodedOutputStream out, String name, long... shape) throws IOException {
        out.writeString(1, name);
        out.writeString(2, Datatype.FP32.name());
        out.writeByteArray(3, Messages.write(packed -> {
            for (long extent : shape) {
                packed.writeInt64NoTag(extent);
            }
        }));
    }

    /**
     * Returns a {@code ModelInferResponse}.
     *
     * @param raw true for {@code raw_output_contents}, false for {@code fp32_contents}
     */
    static byte[] infer(InferReply reply, boolean raw) {
        return Messages.write(out -> {
            out.writeString(1, reply.model());
            out.writeString(2, reply.version());
            if (reply.id() != null) {
                out.writeString(3, reply.id());
            }
            for (InferReply.Output output : reply.outputs()) {
                out.writeByteArray(5, Messages.write(tensor -> {
                    tensor(tensor, output.name(), output.shape());
                    if (!raw) {
                        tensor.writeByteArray(
                                5, Messages.write(contents -> contents.writeByteArray(6, elements(output))));
                    }
                }));
            }
            if (raw) {
                for (InferReply.Output output : reply.outputs()) {
                    out.writeByteArray(6, elements(output));
                }
            }
        });
    }

    /** Returns the elements of an output: raw ones, which packed floats are as well. */
    private static byte[] elements(InferReply.Output output) {
        ByteBuffer bytes = ByteBuffer.allocate(output.size() * Float.BYTES);
        TensorBytes.write(output, bytes);
        return bytes.array();
    }
}
