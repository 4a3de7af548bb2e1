package org.resnet4j.weights.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.resnet4j.weights.torch.pickle.Opcode;

/** Creates pickles by hand, instruction by instruction. */
final class Pickle {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Pickle op(int... opcodes) {
        for (int opcode : opcodes) {
            bytes.write(opcode);
        }
        return this;
    }

    /** Appends characters as bytes. */
    Pickle raw(String latin1) {
        bytes.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Pickle protocol() {
        return op(Opcode.PROTO, 2);
    }

    Pickle global(String module, String name) {
        return op(Opcode.GLOBAL).raw(module + "\n" + name + "\n");
    }

    Pickle text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        op(Opcode.BINUNICODE).int32(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    /** Appends an integer of eight bytes. */
    Pickle number(long value) {
        op(Opcode.LONG1, Long.BYTES);
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    Pickle int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    Pickle numbers(long... values) {
        op(Opcode.MARK);
        for (long value : values) {
            number(value);
        }
        return op(Opcode.TUPLE);
    }

    /** Appends a storage of floats. */
    Pickle storage(String key, long count) {
        return op(Opcode.MARK)
                .text("storage")
                .global("torch", "FloatStorage")
                .text(key)
                .text("cuda:0")
                .number(count)
                .op(Opcode.TUPLE, Opcode.BINPERSID);
    }

    Pickle tensor(String key, long count, long offset, long[] sizes, long[] strides) {
        return global("torch._utils", "_rebuild_tensor")
                .op(Opcode.MARK)
                .storage(key, count)
                .number(offset)
                .numbers(sizes)
                .numbers(strides)
                .op(Opcode.TUPLE, Opcode.REDUCE);
    }

    /** Returns a dict with one tensor, {@code w}. */
    static byte[] stateDict(String key, long count, long offset, long[] sizes, long[] strides) {
        return new Pickle()
                .protocol()
                .op(Opcode.EMPTY_DICT)
                .text("w")
                .tensor(key, count, offset, sizes, strides)
                .op(Opcode.SETITEM)
                .stop();
    }

    byte[] stop() {
        return op(Opcode.STOP).bytes();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
