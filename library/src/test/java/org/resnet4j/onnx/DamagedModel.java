package org.resnet4j.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A model file whose parts are changed: the numbers are those of the fields in ONNX's schema. */
final class DamagedModel {
    private static final int GRAPH = 7;
    private static final int NODES = 1;
    private static final int TENSORS = 5;
    private static final int FLOAT = 1;

    private UnknownFieldSet model;
    private boolean changed;

    DamagedModel(byte[] bytes) {
        model = parse(ByteString.copyFrom(bytes));
    }

    byte[] bytes() {
        return model.toByteArray();
    }

    /** Gives the tensors of this name real numbers. */
    DamagedModel numbers(String tensor, float... numbers) {
        var data = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(numbers);
        return tensor(tensor, FLOAT, data.array(), numbers.length);
    }

    /** Gives the tensors of this name another type, other bytes and other extents. */
    DamagedModel tensor(String tensor, int type, byte[] data, long... extents) {
        return each(TENSORS, known -> {
            if (!text(known, 8).equals(tensor)) {
                return known;
            }
            changed = true;
            var dims = Field.newBuilder();
            for (long extent : extents) {
                dims.addVarint(extent);
            }
            return UnknownFieldSet.newBuilder()
                    .addField(1, dims.build())
                    .addField(2, Field.newBuilder().addVarint(type).build())
                    .addField(
                            8,
                            Field.newBuilder().addLengthDelimited(bytes(tensor)).build())
                    .addField(
                            9,
                            Field.newBuilder()
                                    .addLengthDelimited(ByteString.copyFrom(data))
                                    .build())
                    .build();
        });
    }

    /** Gives the node with this output other inputs. */
    DamagedModel inputs(String output, String... inputs) {
        return node(output, node -> {
            var names = Field.newBuilder();
            for (String input : inputs) {
                names.addLengthDelimited(bytes(input));
            }
            return node.toBuilder().clearField(1).addField(1, names.build()).build();
        });
    }

    /** Leaves the last input of all nodes of an operator out. */
    DamagedModel shortened(String operator) {
        return each(NODES, node -> {
            if (!text(node, 4).equals(operator)) {
                return node;
            }
            changed = true;
            List<ByteString> inputs = node.getField(1).getLengthDelimitedList();
            var names = Field.newBuilder();
            inputs.subList(0, inputs.size() - 1).forEach(names::addLengthDelimited);
            return node.toBuilder().clearField(1).addField(1, names.build()).build();
        });
    }

    /** Gives the node with this output an attribute, which comes after its other ones. */
    DamagedModel attribute(String output, String name, long value) {
        UnknownFieldSet attribute = UnknownFieldSet.newBuilder()
                .addField(1, Field.newBuilder().addLengthDelimited(bytes(name)).build())
                .addField(3, Field.newBuilder().addVarint(value).build())
                .addField(20, Field.newBuilder().addVarint(2).build())
                .build();
        return node(
                output,
                node -> node.toBuilder()
                        .mergeField(
                                5,
                                Field.newBuilder()
                                        .addLengthDelimited(attribute.toByteString())
                                        .build())
                        .build());
    }

    private DamagedModel node(String output, UnaryOperator<UnknownFieldSet> change) {
        return each(NODES, node -> {
            if (!text(node, 2).equals(output)) {
                return node;
            }
            changed = true;
            return change.apply(node);
        });
    }

    private DamagedModel each(int number, UnaryOperator<UnknownFieldSet> change) {
        changed = false;
        UnknownFieldSet graph =
                parse(model.getField(GRAPH).getLengthDelimitedList().getFirst());
        var parts = Field.newBuilder();
        for (ByteString part : new ArrayList<>(graph.getField(number).getLengthDelimitedList())) {
            parts.addLengthDelimited(change.apply(parse(part)).toByteString());
        }
        UnknownFieldSet other = graph.toBuilder()
                .clearField(number)
                .addField(number, parts.build())
                .build();
        Field whole =
                Field.newBuilder().addLengthDelimited(other.toByteString()).build();
        model = model.toBuilder().clearField(GRAPH).addField(GRAPH, whole).build();
        if (!changed) {
            throw new IllegalArgumentException("the file has no such part");
        }
        return this;
    }

    private static String text(UnknownFieldSet message, int number) {
        List<ByteString> all = message.getField(number).getLengthDelimitedList();
        return all.isEmpty() ? "" : all.getFirst().toStringUtf8();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFrom(text, StandardCharsets.UTF_8);
    }

    private static UnknownFieldSet parse(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }
}
