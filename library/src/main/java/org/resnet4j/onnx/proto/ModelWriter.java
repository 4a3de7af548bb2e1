package org.resnet4j.onnx.proto;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import org.resnet4j.file.AtomicFile;

/** Writes models incrementally: memory use beyond the model itself is one buffer. */
public final class ModelWriter {
    /** The limit of protobuf, whose lengths have 31 bits. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    private static final int BUFFER_BYTES = 1 << 16;

    private ModelWriter() {}

    public static void write(Path path, ModelProto model) throws IOException {
        List<Field> fields = model.fields();
        long bytes = Field.sizeOf(fields);
        if (bytes > MAX_BYTES) {
            throw new IOException("cannot write " + path + ": " + model.graph().name() + " takes " + bytes
                    + " bytes as ONNX, and a protobuf file holds at most " + MAX_BYTES);
        }
        AtomicFile.write(path, channel -> {
            var output = CodedOutputStream.newInstance(Channels.newOutputStream(channel), BUFFER_BYTES);
            for (Field field : fields) {
                field.writeTo(output);
            }
            output.flush();
        });
    }
}
