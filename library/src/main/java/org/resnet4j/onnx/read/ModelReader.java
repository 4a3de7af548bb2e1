package org.resnet4j.onnx.read;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.onnx.read.StoredTensor.Place;
import org.resnet4j.weights.MalformedFileException;

/**
 * Reads the structure of a file and skips its weights. Whatever lengths a file claims, memory use is proportional to
 * the bytes actually read, which are names and small numbers.
 */
public final class ModelReader {
    private static final int BUFFER_BYTES = 1 << 13;
    private static final int MAX_NAME_BYTES = 4096;

    /** Limit of a text about the model, such as the names of its classes. */
    private static final int MAX_METADATA_BYTES = 1 << 24;

    private static final int MAX_RANK = 8;

    /** Limit of individually listed integers of 8 or 32 bits: the zero points of channels. */
    private static final int MAX_INTEGERS = 1 << 16;

    /** Limit of other individually listed elements and of an attribute's numbers; weights are not among them. */
    private static final int MAX_WHOLES = 64;

    /**
     * The graph of resnet1202 has 4,000 nodes, and twelve times as many if an exporter computes its padding step by
     * step.
     */
    private static final int MAX_NODES = 1 << 16;

    /** Limit of the names of values, attributes, tensors, inputs and outputs together. */
    private static final int MAX_PARTS = 1 << 19;

    private final Path path;
    private final FileChannel channel;
    private final ExternalFiles externals;
    private final CodedInputStream in;
    private int parts;

    private final List<StoredNode> nodes = new ArrayList<>();
    private final List<StoredTensor> tensors = new ArrayList<>();
    private final Map<String, List<Long>> inputs = new LinkedHashMap<>();
    private final Set<String> outputs = new HashSet<>();
    private final Map<String, String> metadata = new HashMap<>();
    private String name = "";
    private boolean hasGraph;

    private ModelReader(Path path, FileChannel channel, ExternalFiles externals) {
        this.path = path;
        this.channel = channel;
        this.externals = externals;
        this.in = CodedInputStream.newInstance(Channels.newInputStream(channel), BUFFER_BYTES);
    }

    /**
     * Reads the graph of a model.
     *
     * @param channel positioned at the start of the file
     * @param externals opens the external files beside the model
     * @throws MalformedFileException if the file is malformed
     */
    public static StoredGraph read(Path path, FileChannel channel, ExternalFiles externals) throws IOException {
        return new ModelReader(path, channel, externals).model();
    }

    /** Reads one field of a message, or skips it. */
    private interface FieldReader {
        void read(int number) throws IOException;
    }

    private StoredGraph model() throws IOException {
        if (channel.size() > Integer.MAX_VALUE) {
            throw malformed(channel.size() + " bytes; a protobuf file holds at most " + Integer.MAX_VALUE);
        }
        in.setSizeLimit(Integer.MAX_VALUE);
        try {
            in.pushLimit((int) channel.size());
            fields(number -> {
                if (number == 7) {
                    if (hasGraph) {
                        throw malformed("a second graph");
                    }
                    hasGraph = true;
                    message(this::graphField);
                } else if (number == 14) {
                    entry(metadata, MAX_METADATA_BYTES);
                } else {
                    skip();
                }
            });
        } catch (InvalidProtocolBufferException broken) {
            throw malformed("this is not an ONNX file, or it is damaged: " + broken.getMessage());
        }
        if (!hasGraph) {
            throw malformed("this is not an ONNX file: it has no graph");
        }
        return StoredGraph.of(path, name, nodes, tensors, inputs, outputs, metadata);
    }

    private void graphField(int number) throws IOException {
        switch (number) {
            case 1 -> {
                if (nodes.size() == MAX_NODES) {
                    throw malformed("more than " + MAX_NODES + " nodes");
                }
                nodes.add(node());
            }
            case 2 -> name = text();
            case 5 -> tensors.add(tensor());
            case 11 -> valueInfo(inputs);
            case 12 -> {
                var one = new LinkedHashMap<String, List<Long>>();
                valueInfo(one);
                outputs.addAll(one.keySet());
            }
            default -> skip();
        }
    }

    private StoredNode node() throws IOException {
        long position = in.getTotalBytesRead();
        var from = new ArrayList<String>();
        var to = new ArrayList<String>();
        var texts = new HashMap<String, String>(Map.of("name", "", "operator", "", "domain", ""));
        var attributes = new Attributes();
        message(number -> {
            switch (number) {
                case 1 -> from.add(text());
                case 2 -> to.add(text());
                case 3 -> texts.put("name", text());
                case 4 -> texts.put("operator", text());
                case 5 -> attribute(attributes);
                case 7 -> texts.put("domain", text());
                default -> skip();
            }
        });
        String domain = texts.getOrDefault("domain", "");
        String operator = texts.getOrDefault("operator", "");
        boolean onnx = domain.isEmpty() || domain.equals("ai.onnx");
        return new StoredNode(
                onnx ? operator : domain + "." + operator,
                texts.getOrDefault("name", ""),
                from,
                to,
                new StoredNode.Attributes(attributes.wholes, attributes.reals, attributes.texts, attributes.tensor),
                position);
    }

    /** The attributes of a node, by name. */
    private static final class Attributes {
        private final Map<String, List<Long>> wholes = new HashMap<>();
        private final Map<String, Float> reals = new HashMap<>();
        private final Map<String, String> texts = new HashMap<>();
        private @Nullable StoredTensor tensor;
    }

    private void attribute(Attributes attributes) throws IOException {
        var names = new ArrayList<String>(1);
        var wholes = new ArrayList<Long>();
        var reals = new ArrayList<Float>(1);
        var texts = new ArrayList<String>(1);
        message(number -> {
            switch (number) {
                case 1 -> names.add(text());
                case 2 -> {
                    expect(WireFormat.WIRETYPE_FIXED32);
                    reals.add(in.readFloat());
                }
                case 3 -> {
                    expect(WireFormat.WIRETYPE_VARINT);
                    wholes.add(in.readInt64());
                }
                case 4 -> texts.add(text());
                case 5 -> attributes.tensor = tensor();
                case 8 -> wholes(wholes, MAX_WHOLES);
                default -> skip();
            }
        });
        String own = names.isEmpty() ? "" : names.getLast();
        if (!wholes.isEmpty()) {
            attributes.wholes.put(own, List.copyOf(wholes));
        }
        if (!reals.isEmpty()) {
            attributes.reals.put(own, reals.getLast());
        }
        if (!texts.isEmpty()) {
            attributes.texts.put(own, texts.getLast());
        }
    }

    private StoredTensor tensor() throws IOException {
        long position = in.getTotalBytesRead();
        var parts = new TensorParts();
        message(number -> {
            switch (number) {
                case 1 -> wholes(parts.extents, MAX_RANK);
                case 2 -> {
                    expect(WireFormat.WIRETYPE_VARINT);
                    parts.type = in.readInt64();
                }
                case 4, 9, 10 -> parts.place = place();
                case 5 -> wholes(parts.wholes, MAX_INTEGERS);
                case 7 -> wholes(parts.wholes, MAX_WHOLES);
                case 8 -> parts.name = text();
                case 13 -> entry(parts.external, MAX_NAME_BYTES);
                case 14 -> {
                    expect(WireFormat.WIRETYPE_VARINT);
                    parts.isExternal = in.readInt64() == 1;
                }
                default -> skip();
            }
        });
        Place place = parts.isExternal ? externals.find(parts.name, parts.external, position) : parts.place;
        var tensor = new StoredTensor(parts.name, parts.type, parts.extents, place, parts.wholes, position, null);
        check(tensor);
        return tensor;
    }

    /** The parts of a tensor's message read so far. */
    private static final class TensorParts {
        private final List<Long> extents = new ArrayList<>();
        private final List<Long> wholes = new ArrayList<>();
        private final Map<String, String> external = new HashMap<>();
        private String name = "";
        private long type;
        private @Nullable Place place;
        private boolean isExternal;
    }

    private void check(StoredTensor tensor) throws MalformedFileException {
        String subject = "tensor '" + tensor.name() + "' of " + tensor.extents();
        if (tensor.extents().stream().anyMatch(extent -> extent < 0)) {
            throw new MalformedFileException(path, tensor.position(), subject + ": an extent is negative");
        }
        long count;
        try {
            count = tensor.count();
        } catch (ArithmeticException overflow) {
            throw new MalformedFileException(path, tensor.position(), subject + " has more elements than can be");
        }
        Place place = tensor.place();
        var type = DataType.numbered(tensor.typeNumber());
        if (place != null && type.isPresent()) {
            int size = type.get().elements().bytes();
            if (count > Integer.MAX_VALUE || count * size != place.bytes()) {
                throw new MalformedFileException(
                        path,
                        tensor.position(),
                        subject + " needs " + count + " elements of " + size + " bytes, and has " + place.bytes()
                                + " bytes");
            }
        }
    }

    /**
     * Returns the location of contiguous elements: raw, or of a packed field, which is the same for float and double.
     */
    private Place place() throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        long offset = in.getTotalBytesRead();
        if (length < 0 || length > channel.size() - offset) {
            throw malformed(Integer.toUnsignedString(length) + " bytes do not fit the " + (channel.size() - offset)
                    + " that follow");
        }
        in.skipRawBytes(length);
        return new Place(path, channel, offset, length);
    }

    /** Reads a pair of a key and a value. */
    private void entry(Map<String, String> entries, int maxBytes) throws IOException {
        var entry = new String[] {"", ""};
        message(number -> {
            switch (number) {
                case 1 -> entry[0] = text();
                case 2 -> entry[1] = text(maxBytes);
                default -> skip();
            }
        });
        entries.put(entry[0], entry[1]);
    }

    private void valueInfo(Map<String, List<Long>> values) throws IOException {
        var names = new ArrayList<String>(1);
        var extents = new ArrayList<Long>();
        message(number -> {
            switch (number) {
                case 1 -> names.add(text());
                // TypeProto, its tensor type, its shape, a dimension, the extent.
                case 2 -> inside(1, () -> inside(2, () -> inside(1, () -> extents.add(extent()))));
                default -> skip();
            }
        });
        if (!names.isEmpty() && extents.size() <= MAX_RANK) {
            values.put(names.getLast(), List.copyOf(extents));
        }
    }

    /** Reads a nested message. */
    private interface MessageReader {
        void read() throws IOException;
    }

    private void inside(int wanted, MessageReader reader) throws IOException {
        message(number -> {
            if (number == wanted) {
                reader.read();
            } else {
                skip();
            }
        });
    }

    private long extent() throws IOException {
        var extent = new long[] {-1};
        message(number -> {
            if (number == 1) {
                expect(WireFormat.WIRETYPE_VARINT);
                extent[0] = in.readInt64();
            } else {
                skip();
            }
        });
        return extent[0];
    }

    /** Reads integers, packed or one by one. */
    private void wholes(List<Long> target, int most) throws IOException {
        if (WireFormat.getTagWireType(in.getLastTag()) == WireFormat.WIRETYPE_VARINT) {
            target.add(in.readInt64());
        } else {
            expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
            int old = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0 && target.size() <= most) {
                target.add(in.readInt64());
            }
            in.skipRawBytes(in.getBytesUntilLimit());
            in.popLimit(old);
        }
        if (target.size() > most) {
            throw malformed("more than " + most + " numbers where a network has only a few");
        }
    }

    private String text() throws IOException {
        return text(MAX_NAME_BYTES);
    }

    private String text(int maxBytes) throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        if (length < 0 || length > maxBytes) {
            throw malformed(
                    "a text of " + Integer.toUnsignedString(length) + " bytes is over the limit of " + maxBytes);
        }
        count();
        return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
    }

    /** Counts messages and names before they are allocated, since even empty ones take memory. */
    private void count() throws MalformedFileException {
        parts++;
        if (parts > MAX_PARTS) {
            throw malformed("more than " + MAX_PARTS + " names, attributes and tensors");
        }
    }

    private void message(FieldReader reader) throws IOException {
        count();
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        long rest = channel.size() - in.getTotalBytesRead();
        if (length > rest) {
            throw malformed("a part of " + length + " bytes does not fit the " + rest
                    + " bytes that follow; the file is truncated or damaged");
        }
        int old = in.pushLimit(length);
        fields(reader);
        in.checkLastTagWas(0);
        in.popLimit(old);
    }

    private void fields(FieldReader reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            reader.read(WireFormat.getTagFieldNumber(tag));
        }
    }

    private void skip() throws IOException {
        if (!in.skipField(in.getLastTag())) {
            throw malformed("the end of a group without a start");
        }
    }

    private void expect(int wireType) throws IOException {
        int found = WireFormat.getTagWireType(in.getLastTag());
        if (found != wireType) {
            throw malformed("field " + WireFormat.getTagFieldNumber(in.getLastTag()) + " has wire type " + found
                    + " instead of " + wireType);
        }
    }

    private MalformedFileException malformed(String reason) {
        return new MalformedFileException(path, in.getTotalBytesRead(), reason);
    }
}
