package org.resnet4j.weights.safetensors;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.element.ElementType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/** A parser of the JSON header, which is checked against the number of data bytes that follow. */
final class HeaderParser {
    private static final String METADATA = "__metadata__";
    /** The maximum number of axes; no weight of a network has more. */
    private static final int MAX_RANK = 32;

    /** The nesting of a list in a tensor in the header, plus one, so that a list in a list gets a specific message. */
    private static final int MAX_DEPTH = 4;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(SafetensorsReader.MAX_HEADER_BYTES)
                    .maxNameLength(SafetensorsReader.MAX_HEADER_BYTES)
                    .maxNumberLength(20)
                    .build())
            .build();

    private final Path path;
    private final long dataStart;
    private final List<Header.Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private HeaderParser(Path path, long dataStart) {
        this.path = path;
        this.dataStart = dataStart;
    }

    static Header parse(Path path, byte[] header, long dataBytes) throws MalformedFileException {
        var parser = new HeaderParser(path, SafetensorsReader.LENGTH_BYTES + header.length);
        // A reader enforces UTF-8: given bytes, the JSON library would also guess UTF-16.
        Reader utf8 = new InputStreamReader(
                new ByteArrayInputStream(header),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), utf8)) {
            parser.root(json);
        } catch (JacksonException broken) {
            long place = broken.getLocation() == null
                    ? 0
                    : Math.max(0, broken.getLocation().getCharOffset());
            throw parser.malformed(
                    place, "the header is " + MalformedFileException.jsonReason(broken.getOriginalMessage()));
        }
        parser.checkRanges(dataBytes);
        return new Header(parser.dataStart, parser.entries, parser.metadata);
    }

    private void root(JsonParser json) throws MalformedFileException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, "the header");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                metadata(json);
            } else {
                entries.add(entry(json, name));
            }
        }
        if (json.nextToken() != null) {
            throw malformed(json, "data follows the header's closing brace");
        }
    }

    private void metadata(JsonParser json) throws MalformedFileException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            expect(json, json.nextToken(), JsonToken.VALUE_STRING, METADATA + " entry '" + key + "'");
            metadata.put(key, json.getString());
        }
    }

    private Header.Entry entry(JsonParser json, String name) throws MalformedFileException {
        String subject = "tensor '" + name + "'";
        expect(json, json.nextToken(), JsonToken.START_OBJECT, subject);
        ElementType dtype = null;
        long[] extents = null;
        long[] range = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(json, value, subject);
                case "shape" -> extents = integers(json, value, subject + " shape", MAX_RANK);
                case "data_offsets" -> range = integers(json, value, subject + " data_offsets", 2);
                default -> throw malformed(json, subject + " has the unknown field '" + field + "'");
            }
        }
        if (dtype == null || extents == null || range == null) {
            throw malformed(json, subject + " lacks " + missing(dtype, extents, range));
        }
        if (range.length != 2 || range[0] > range[1]) {
            throw malformed(json, subject + " has data_offsets " + Arrays.toString(range) + ", expected [begin, end]");
        }
        Shape shape = shape(json, extents, subject);
        long bytes = (long) shape.size() * dtype.bytes();
        if (bytes != range[1] - range[0]) {
            throw malformed(
                    json,
                    subject + " of " + dtype + shape + " needs " + bytes + " bytes, its data_offsets "
                            + Arrays.toString(range) + " hold " + (range[1] - range[0]));
        }
        return new Header.Entry(name, dtype, shape, range[0], range[1]);
    }

    private static String missing(@Nullable ElementType dtype, long @Nullable [] extents, long @Nullable [] range) {
        var fields = new ArrayList<String>();
        if (dtype == null) {
            fields.add("dtype");
        }
        if (extents == null) {
            fields.add("shape");
        }
        if (range == null) {
            fields.add("data_offsets");
        }
        return String.join(", ", fields);
    }

    private ElementType dtype(JsonParser json, @Nullable JsonToken value, String subject)
            throws MalformedFileException {
        expect(json, value, JsonToken.VALUE_STRING, subject + " dtype");
        String name = json.getString();
        for (ElementType known : ElementType.values()) {
            if (known.name().equals(name)) {
                return known;
            }
        }
        throw malformed(
                json, subject + " has dtype '" + name + "', supported are " + Arrays.toString(ElementType.values()));
    }

    private long[] integers(JsonParser json, @Nullable JsonToken value, String subject, int most)
            throws MalformedFileException {
        expect(json, value, JsonToken.START_ARRAY, subject);
        var numbers = new long[most];
        int count = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            expect(json, token, JsonToken.VALUE_NUMBER_INT, subject);
            if (count == most) {
                throw malformed(json, subject + " has more than " + most + " numbers");
            }
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 0) {
                throw malformed(json, subject + " holds " + json.getString() + ", which is out of range");
            }
            numbers[count] = json.getLongValue();
            count++;
        }
        return Arrays.copyOf(numbers, count);
    }

    private Shape shape(JsonParser json, long[] extents, String subject) throws MalformedFileException {
        var checked = new int[extents.length];
        long product = 1;
        for (int axis = 0; axis < extents.length; axis++) {
            if (extents[axis] <= Integer.MAX_VALUE) {
                product *= extents[axis];
            }
            if (extents[axis] > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
                throw malformed(
                        json,
                        subject + " of shape " + Arrays.toString(extents) + " has more than " + Integer.MAX_VALUE
                                + " elements, which is not supported");
            }
            checked[axis] = (int) extents[axis];
        }
        return Shape.of(checked);
    }

    /** Checks that the tensors cover the data without gap or overlap, from its first byte to its last. */
    private void checkRanges(long dataBytes) throws MalformedFileException {
        entries.sort(Comparator.comparingLong(Header.Entry::begin).thenComparingLong(Header.Entry::end));
        long covered = 0;
        for (Header.Entry entry : entries) {
            if (entry.begin() != covered) {
                throw new MalformedFileException(
                        path,
                        dataStart + covered,
                        "tensor '" + entry.name() + "' begins at " + entry.begin() + " of the data, "
                                + (entry.begin() < covered ? "inside" : "with a gap after")
                                + " the tensors before it, which end at " + covered);
            }
            if (entry.end() > dataBytes) {
                throw new MalformedFileException(
                        path,
                        dataStart + dataBytes,
                        "tensor '" + entry.name() + "' ends at " + entry.end() + " of the data, but the file holds "
                                + dataBytes + " bytes of data; is the file truncated?");
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw new MalformedFileException(
                    path, dataStart + covered, (dataBytes - covered) + " bytes follow the last tensor");
        }
    }

    private void expect(JsonParser json, @Nullable JsonToken actual, JsonToken expected, String subject)
            throws MalformedFileException {
        if (actual != expected) {
            throw malformed(json, subject + " must be " + words(expected) + ", not " + words(actual));
        }
    }

    private static String words(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "nothing";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer of 0 or more";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> token.name();
        };
    }

    private MalformedFileException malformed(JsonParser json, String reason) {
        return malformed(Math.max(0, json.currentTokenLocation().getCharOffset()), reason);
    }

    /** Reports an error. {@code place} counts characters of the header, which are bytes if names are ASCII. */
    private MalformedFileException malformed(long place, String reason) {
        return new MalformedFileException(path, SafetensorsReader.LENGTH_BYTES + place, reason);
    }
}
