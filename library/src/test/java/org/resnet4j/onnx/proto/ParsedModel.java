package org.resnet4j.onnx.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A model file as protobuf's own parser sees it: nothing of the writer is used. */
public record ParsedModel(
        UnknownFieldSet message,
        List<Node> nodes,
        Map<String, Constant> constants,
        Map<String, List<String>> inputs,
        Map<String, List<String>> outputs) {
    /** A node; attributes are Float, Long or a list of Long. */
    public record Node(
            String operator, String name, List<String> inputs, List<String> outputs, Map<String, Object> attributes) {
        @Override
        public String toString() {
            return operator + " " + String.join(", ", inputs) + " -> " + String.join(", ", outputs)
                    + (attributes.isEmpty() ? "" : " " + attributes);
        }

        @SuppressWarnings("unchecked")
        public int whole(String attribute, int index) {
            return ((List<Long>) attributes.get(attribute)).get(index).intValue();
        }
    }

    /** A constant tensor. */
    public record Constant(long type, int[] extents, ByteString data) {
        public float[] floats() {
            float[] values = new float[data.size() / Float.BYTES];
            data.asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return values;
        }

        public long[] longs() {
            long[] values = new long[data.size() / Long.BYTES];
            data.asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .get(values);
            return values;
        }
    }

    public static ParsedModel read(Path path) throws IOException {
        UnknownFieldSet model = UnknownFieldSet.parseFrom(Files.readAllBytes(path));
        UnknownFieldSet graph = message(model, 7);
        var constants = new LinkedHashMap<String, Constant>();
        for (UnknownFieldSet tensor : messages(graph, 5)) {
            int[] extents = tensor.getField(1).getVarintList().stream()
                    .mapToInt(Math::toIntExact)
                    .toArray();
            ByteString data = tensor.getField(9).getLengthDelimitedList().getFirst();
            if (constants.put(text(tensor, 8), new Constant(whole(tensor, 2), extents, data)) != null) {
                throw new IOException("twice: " + text(tensor, 8));
            }
        }
        return new ParsedModel(
                model,
                messages(graph, 1).stream().map(ParsedModel::node).toList(),
                constants,
                ports(graph, 11),
                ports(graph, 12));
    }

    private static Node node(UnknownFieldSet node) {
        var attributes = new TreeMap<String, Object>();
        for (UnknownFieldSet attribute : messages(node, 5)) {
            attributes.put(
                    text(attribute, 1),
                    switch ((int) whole(attribute, 20)) {
                        case 1 ->
                            Float.intBitsToFloat(
                                    attribute.getField(2).getFixed32List().getFirst());
                        case 2 -> whole(attribute, 3);
                        case 7 -> attribute.getField(8).getVarintList();
                        default -> throw new IllegalArgumentException("attribute " + attribute);
                    });
        }
        return new Node(text(node, 4), text(node, 3), texts(node, 1), texts(node, 2), attributes);
    }

    private static Map<String, List<String>> ports(UnknownFieldSet graph, int number) {
        return messages(graph, number).stream()
                .collect(Collectors.toMap(port -> text(port, 1), port -> shape(message(message(port, 2), 1))));
    }

    private static List<String> shape(UnknownFieldSet tensor) {
        if (whole(tensor, 1) != 1) {
            throw new IllegalArgumentException("not float32: " + tensor);
        }
        return messages(message(tensor, 2), 1).stream()
                .map(axis -> axis.hasField(2) ? text(axis, 2) : String.valueOf(whole(axis, 1)))
                .toList();
    }

    public String text(int number) {
        return text(message, number);
    }

    public long whole(int number) {
        return whole(message, number);
    }

    public static UnknownFieldSet message(UnknownFieldSet set, int number) {
        List<UnknownFieldSet> all = messages(set, number);
        if (all.size() != 1) {
            throw new IllegalArgumentException(all.size() + " messages " + number + " in " + set);
        }
        return all.getFirst();
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet set, int number) {
        return set.getField(number).getLengthDelimitedList().stream()
                .map(ParsedModel::parse)
                .toList();
    }

    private static UnknownFieldSet parse(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static List<String> texts(UnknownFieldSet set, int number) {
        return set.getField(number).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    public static String text(UnknownFieldSet set, int number) {
        return texts(set, number).getFirst();
    }

    public static long whole(UnknownFieldSet set, int number) {
        return set.getField(number).getVarintList().getFirst();
    }
}
