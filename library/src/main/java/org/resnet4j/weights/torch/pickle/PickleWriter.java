package org.resnet4j.weights.torch.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** A writer of the pickle of a state dict, in PyTorch's form: an OrderedDict of tensors, each in a separate storage. */
public final class PickleWriter {
    private static final int PROTOCOL = 2;

    /** The number of entries that Python adds to a dict at a time, which limits the reader's stack. */
    private static final int BATCH = 1000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    /** The values that were written before; later uses refer to their index. */
    private final List<String> memo = new ArrayList<>();

    private PickleWriter() {}

    /** Returns the pickle. Tensor {@code i} of the map is in the storage with the key {@code i}. */
    public static byte[] stateDict(Map<String, Tensor> tensors) {
        var writer = new PickleWriter();
        writer.opcode(Opcode.PROTO);
        writer.opcode(PROTOCOL);
        writer.emptyOrderedDict();
        int key = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            if (key % BATCH == 0) {
                writer.opcode(Opcode.MARK);
            }
            writer.text(entry.getKey());
            writer.tensor(Integer.toString(key), entry.getValue());
            key++;
            if (key % BATCH == 0 || key == tensors.size()) {
                writer.opcode(Opcode.SETITEMS);
            }
        }
        writer.opcode(Opcode.STOP);
        return writer.bytes.toByteArray();
    }

    private void tensor(String key, Tensor tensor) {
        global(KnownGlobal.REBUILD_TENSOR_V2);
        opcode(Opcode.MARK);
        storage(key, tensor.size());
        integer(0);
        integers(tensor.shape().toArray());
        integers(strides(tensor.shape()));
        // requires_grad is false, and there are no hooks.
        opcode(Opcode.NEWFALSE);
        emptyOrderedDict();
        opcode(Opcode.TUPLE);
        opcode(Opcode.REDUCE);
    }

    private void storage(String key, int elements) {
        opcode(Opcode.MARK);
        constant("storage");
        global(KnownGlobal.FLOAT_STORAGE);
        text(key);
        constant("cpu");
        integer(elements);
        opcode(Opcode.TUPLE);
        opcode(Opcode.BINPERSID);
    }

    /** Returns the strides. Those of an empty tensor do not matter, and might not fit an int. */
    private static int[] strides(Shape shape) {
        var strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.size() == 0 ? 1 : shape.extent(axis);
        }
        return strides;
    }

    private void emptyOrderedDict() {
        global(KnownGlobal.ORDERED_DICT);
        opcode(Opcode.EMPTY_TUPLE);
        opcode(Opcode.REDUCE);
    }

    private void global(KnownGlobal global) {
        String name = global.qualifiedName();
        if (!recall(name)) {
            int dot = name.lastIndexOf('.');
            String lines = name.substring(0, dot) + "\n" + name.substring(dot + 1) + "\n";
            opcode(Opcode.GLOBAL);
            bytes.writeBytes(lines.getBytes(StandardCharsets.US_ASCII));
            remember(name);
        }
    }

    private void constant(String text) {
        if (!recall(text)) {
            text(text);
            remember(text);
        }
    }

    private boolean recall(String written) {
        int place = memo.indexOf(written);
        if (place >= 0) {
            opcode(Opcode.BINGET);
            bytes.write(place);
        }
        return place >= 0;
    }

    private void remember(String written) {
        opcode(Opcode.BINPUT);
        bytes.write(memo.size());
        memo.add(written);
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        opcode(Opcode.BINUNICODE);
        littleEndian(utf8.length);
        bytes.writeBytes(utf8);
    }

    private void integers(int[] values) {
        opcode(Opcode.MARK);
        for (int value : values) {
            integer(value);
        }
        opcode(Opcode.TUPLE);
    }

    private void integer(int value) {
        opcode(Opcode.BININT);
        littleEndian(value);
    }

    private void littleEndian(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private void opcode(int opcode) {
        bytes.write(opcode);
    }
}
