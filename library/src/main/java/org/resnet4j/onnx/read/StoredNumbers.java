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
import org.resnet4j.weights.element.ElementType;

/** Reads small constants that control a step: the start of a slice, an amount of padding, a factor. */
final class StoredNumbers {
    private static final int MAX_COUNT = 64;

    private StoredNumbers() {}

    /** Returns the elements of a small integer tensor; null for any other tensor. */
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

    /** Returns the only element of a one-element float32 tensor; null for any other tensor. */
    static @Nullable Float readReal(Path file, StoredTensor tensor) throws IOException {
        Place place = tensor.place();
        if (place == null || tensor.count() != 1 || tensor.type(file) != DataType.FLOAT) {
            return null;
        }
        ByteBuffer bytes = bytes(place);
        return bytes.remaining() == Float.BYTES ? bytes.getFloat() : null;
    }

    /** Returns the elements of a small tensor of real numbers; null for any other tensor. */
    static double @Nullable [] readReals(Path file, StoredTensor tensor) throws IOException {
        Place place = tensor.place();
        if (place == null || tensor.count() < 1 || tensor.count() > MAX_COUNT) {
            return null;
        }
        ElementType type = tensor.type(file).elements();
        ByteBuffer bytes = bytes(place);
        int count = (int) tensor.count();
        if (!type.isReal() || bytes.remaining() != count * type.bytes()) {
            return null;
        }
        var floats = new float[count];
        type.decode(bytes, floats, 0, count);
        var numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = floats[i];
        }
        return numbers;
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
