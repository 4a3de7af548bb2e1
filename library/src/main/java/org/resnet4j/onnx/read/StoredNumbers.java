package org.resnet4j.onnx.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.onnx.read.StoredTensor.Place;

/** Small constants that steer a step: where a slice starts, how much to pad, a factor. */
final class StoredNumbers {
    private static final int MAX_COUNT = 64;

    private StoredNumbers() {}

    /** The elements of a tensor of whole numbers; null if it is another, or not small. */
    static @Nullable List<Long> read(Path file, StoredTensor tensor) throws IOException {
        Place place = tensor.place();
        if (place == null) {
            return tensor.wholes().size() == tensor.count() ? tensor.wholes() : null;
        }
        DataType type = tensor.type(file);
        boolean whole = type == DataType.INT64 || type == DataType.INT32;
        if (!whole || tensor.count() > MAX_COUNT) {
            return null;
        }
        ByteBuffer bytes = bytes(place);
        var numbers = new ArrayList<Long>();
        while (bytes.remaining() >= type.elements().bytes()) {
            numbers.add(type == DataType.INT64 ? bytes.getLong() : (long) bytes.getInt());
        }
        return numbers;
    }

    /** The only element of a tensor in single precision; null if it is another. */
    static @Nullable Float readReal(Path file, StoredTensor tensor) throws IOException {
        Place place = tensor.place();
        if (place == null || tensor.count() != 1 || tensor.type(file) != DataType.FLOAT) {
            return null;
        }
        ByteBuffer bytes = bytes(place);
        return bytes.remaining() == Float.BYTES ? bytes.getFloat() : null;
    }

    private static ByteBuffer bytes(Place place) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) place.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = place.channel().read(bytes, place.offset() + bytes.position());
        }
        return bytes.flip();
    }
}
