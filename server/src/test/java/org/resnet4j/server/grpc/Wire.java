package org.resnet4j.server.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Protobuf messages by hand, without its library: fields to write, and the fields of a message to look at. */
final class Wire {
    private record Field(int number, long value, byte[] bytes) {}

    private final List<Field> fields = new ArrayList<>();

    private Wire() {}

    static byte[] message(byte[]... fields) {
        var bytes = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            bytes.writeBytes(field);
        }
        return bytes.toByteArray();
    }

    static byte[] varint(long value) {
        var bytes = new ByteArrayOutputStream();
        long left = value;
        for (; (left & ~0x7fL) != 0; left >>>= 7) {
            bytes.write((int) (left & 0x7f | 0x80));
        }
        bytes.write((int) left);
        return bytes.toByteArray();
    }

    static byte[] number(int field, long value) {
        return message(varint((long) field << 3), varint(value));
    }

    static byte[] bytes(int field, byte[]... content) {
        byte[] all = message(content);
        return message(varint((long) field << 3 | 2), varint(all.length), all);
    }

    static byte[] text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an entry of a map of parameters. */
    static byte[] parameter(int field, String key, byte[] choice) {
        return bytes(field, text(1, key), bytes(2, choice));
    }

    static byte[] packed(int field, long... values) {
        var bytes = new ByteArrayOutputStream();
        for (long value : values) {
            bytes.writeBytes(varint(value));
        }
        return bytes(field, bytes.toByteArray());
    }

    /** Returns numbers as raw contents. */
    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** Returns pictures as raw contents, each after its length. */
    static byte[] strings(byte[]... values) {
        var bytes = new ByteArrayOutputStream();
        for (byte[] value : values) {
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value.length)
                    .array());
            bytes.writeBytes(value);
        }
        return bytes.toByteArray();
    }

    /** Reads a message, which has only the wire types of replies. */
    static Wire read(byte[] message) {
        var wire = new Wire();
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            if ((tag & 7) == 0) {
                wire.fields.add(new Field((int) (tag >>> 3), varint(in), new byte[0]));
            } else if ((tag & 7) == 2) {
                byte[] bytes = new byte[(int) varint(in)];
                in.get(bytes);
                wire.fields.add(new Field((int) (tag >>> 3), 0, bytes));
            } else {
                throw new AssertionError("wire type " + (tag & 7));
            }
        }
        return wire;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    List<byte[]> all(int field) {
        return fields.stream()
                .filter(each -> each.number == field)
                .map(Field::bytes)
                .toList();
    }

    byte[] one(int field) {
        List<byte[]> all = all(field);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " fields " + field);
        }
        return all.getFirst();
    }

    String text(int field) {
        return new String(one(field), StandardCharsets.UTF_8);
    }

    List<String> texts(int field) {
        return all(field).stream()
                .map(each -> new String(each, StandardCharsets.UTF_8))
                .toList();
    }

    List<Wire> messages(int field) {
        return all(field).stream().map(Wire::read).toList();
    }

    boolean flag(int field) {
        return fields.stream().anyMatch(each -> each.number == field && each.value == 1);
    }

    List<Long> packed(int field) {
        ByteBuffer in = ByteBuffer.wrap(one(field));
        var values = new ArrayList<Long>();
        while (in.hasRemaining()) {
            values.add(varint(in));
        }
        return values;
    }

    static float[] toFloats(byte[] content) {
        float[] values = new float[content.length / Float.BYTES];
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}
