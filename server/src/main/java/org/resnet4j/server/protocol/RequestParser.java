package org.resnet4j.server.protocol;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A parser of the JSON of an inference request. Elements may be nested or flat. Fields that the protocol does not know
 * are skipped, as it demands of extensions; a name that occurs twice is an error.
 */
public final class RequestParser {
    private static final String BASE64 = "base64";
    private static final int MAX_DEPTH = 32;
    private static final int MAX_RANK = 8;
    private static final int MAX_TENSORS = 64;
    private static final int MAX_STRING = 1 << 30;
    private static final int FIRST_ELEMENTS = 1024;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .maxNumberLength(100)
                    .build())
            .build();

    private final JsonParser json;
    /** The bytes after the JSON; null if the request has no binary part. */
    private final @Nullable ByteBuffer binary;

    private final List<InferInput> inputs = new ArrayList<>();
    private final List<InferRequest.Output> outputs = new ArrayList<>();
    private @Nullable String id;
    private Parameters parameters = Parameters.NONE;

    /** The parameters that this server knows. */
    private record Parameters(
            long timeout,
            boolean binaryOutput,
            @Nullable Boolean binaryData,
            long binarySize,
            @Nullable String contentType) {
        static final Parameters NONE = new Parameters(0, false, null, -1, null);
    }

    private RequestParser(JsonParser json, @Nullable ByteBuffer binary) {
        this.json = json;
        this.binary = binary;
    }

    /**
     * Parses the body of a request.
     *
     * @param jsonLength the header {@code Inference-Header-Content-Length}: the length of the JSON, after which binary
     *     tensors follow; null if the whole body is JSON
     * @throws InvalidRequestException if the body is not a request
     */
    public static InferRequest parse(byte[] body, @Nullable String jsonLength) throws InvalidRequestException {
        int length = jsonLength == null ? body.length : length(jsonLength, body.length);
        ByteBuffer rest = jsonLength == null ? null : ByteBuffer.wrap(body, length, body.length - length);
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body, 0, length)) {
            return new RequestParser(json, rest).request();
        } catch (JacksonException broken) {
            var place = broken.getLocation();
            throw new InvalidRequestException("the request is not valid JSON"
                    + (place == null ? "" : ", at byte " + Math.max(0, place.getByteOffset())) + ": "
                    + firstLine(broken.getOriginalMessage()));
        }
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }

    private static int length(String header, int available) throws InvalidRequestException {
        int length;
        try {
            length = Integer.parseInt(header.strip());
        } catch (NumberFormatException no) {
            throw new InvalidRequestException(
                    "Inference-Header-Content-Length is not a whole number: '" + header + "'");
        }
        if (length < 0 || length > available) {
            throw new InvalidRequestException(
                    "Inference-Header-Content-Length is " + length + ", but the body has " + available + " bytes");
        }
        return length;
    }

    private InferRequest request() throws InvalidRequestException {
        expect(json.nextToken(), JsonToken.START_OBJECT, "the request");
        boolean hasInputs = false;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "id" -> {
                    expect(value, JsonToken.VALUE_STRING, "id");
                    id = json.getString();
                }
                case "parameters" -> parameters = parameters(value, "the request");
                case "inputs" -> {
                    hasInputs = true;
                    each(value, "inputs", this::input);
                }
                case "outputs" -> each(value, "outputs", this::output);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new InvalidRequestException("data follows the JSON of the request");
        }
        if (!hasInputs) {
            throw new InvalidRequestException("the request has no inputs");
        }
        if (binary != null && binary.hasRemaining()) {
            throw new InvalidRequestException(
                    binary.remaining() + " bytes are left after the binary data of all inputs");
        }
        return new InferRequest(id, inputs, outputs, parameters.timeout(), parameters.binaryOutput());
    }

    /** A reader of an element of a list. */
    private interface Reading {
        void read() throws InvalidRequestException;
    }

    private void each(JsonToken value, String name, Reading element) throws InvalidRequestException {
        expect(value, JsonToken.START_ARRAY, name);
        for (int count = 0; json.nextToken() != JsonToken.END_ARRAY; count++) {
            expect(json.currentToken(), JsonToken.START_OBJECT, "an element of " + name);
            if (count == MAX_TENSORS) {
                throw new InvalidRequestException("the request has more than " + MAX_TENSORS + " " + name);
            }
            element.read();
        }
    }

    private void output() throws InvalidRequestException {
        String name = null;
        Parameters own = Parameters.NONE;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "name" -> {
                    expect(value, JsonToken.VALUE_STRING, "the name of an output");
                    name = json.getString();
                }
                case "parameters" -> own = parameters(value, "an output");
                default -> json.skipChildren();
            }
        }
        if (name == null) {
            throw new InvalidRequestException("an output has no name");
        }
        outputs.add(new InferRequest.Output(name, own.binaryData()));
    }

    private void input() throws InvalidRequestException {
        String name = null;
        long[] shape = null;
        Datatype type = null;
        Elements elements = null;
        Parameters own = Parameters.NONE;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "name" -> {
                    expect(value, JsonToken.VALUE_STRING, "the name of an input");
                    name = json.getString();
                }
                case "shape" -> shape = shape(value);
                case "datatype" -> {
                    expect(value, JsonToken.VALUE_STRING, "the datatype of an input");
                    type = Datatype.of(json.getString());
                }
                case "parameters" -> own = parameters(value, "an input");
                case "data" -> {
                    expect(value, JsonToken.START_ARRAY, "the data of an input");
                    elements = elements();
                }
                default -> json.skipChildren();
            }
        }
        if (name == null || shape == null || type == null) {
            throw new InvalidRequestException("input "
                    + (name == null
                            ? inputs.size() + " has no name"
                            : "'" + name + "' has no " + (shape == null ? "shape" : "datatype")));
        }
        inputs.add(elements == null ? fromBinary(name, shape, type, own) : fromJson(name, shape, type, elements, own));
    }

    private InferInput fromBinary(String name, long[] shape, Datatype type, Parameters own)
            throws InvalidRequestException {
        if (own.binarySize() < 0) {
            throw new InvalidRequestException("input '" + name + "' has neither data nor binary_data_size");
        }
        if (binary == null) {
            throw new InvalidRequestException(
                    "input '" + name + "' is binary, but the request has no header Inference-Header-Content-Length");
        }
        if (own.binarySize() > binary.remaining()) {
            throw new InvalidRequestException("input '" + name + "' has a binary_data_size of " + own.binarySize()
                    + ", but only " + binary.remaining() + " bytes are left");
        }
        int size = (int) own.binarySize();
        ByteBuffer data = binary.slice(binary.position(), size);
        binary.position(binary.position() + size);
        return TensorBytes.read(name, shape, type, data);
    }

    private static InferInput fromJson(String name, long[] shape, Datatype type, Elements data, Parameters own)
            throws InvalidRequestException {
        if (own.binarySize() >= 0) {
            throw new InvalidRequestException("input '" + name + "' has both data and binary_data_size");
        }
        long wanted = TensorBytes.elements(name, shape);
        if (type == Datatype.FP16) {
            throw new InvalidRequestException("input '" + name + "' is FP16, which must be sent as binary data");
        }
        boolean texts = type == Datatype.BYTES;
        int found = texts ? data.texts.size() : data.count;
        if (texts ? data.count > 0 : !data.texts.isEmpty()) {
            throw new InvalidRequestException(
                    "input '" + name + "' is " + type + ", but its data has " + (texts ? "numbers" : "strings"));
        }
        if (found != wanted) {
            throw new InvalidRequestException("input '" + name + "' of shape " + InferInput.text(shape) + " needs "
                    + wanted + " elements, got " + found);
        }
        return texts
                ? new InferInput.Pictures(name, shape, pictures(name, data.texts, own))
                : new InferInput.Floats(name, shape, FloatBuffer.wrap(data.numbers, 0, found));
    }

    private static List<byte[]> pictures(String name, List<String> texts, Parameters own)
            throws InvalidRequestException {
        if (!BASE64.equals(own.contentType())) {
            throw new InvalidRequestException(
                    "input '" + name + "' has pictures in JSON, whose strings cannot hold bytes; send them as binary"
                            + " data, or in base64 with the parameter \"content_type\": \"base64\"");
        }
        var pictures = new ArrayList<byte[]>();
        for (String text : texts) {
            try {
                pictures.add(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException no) {
                throw new InvalidRequestException(
                        "element " + pictures.size() + " of input '" + name + "' is not base64: " + no.getMessage());
            }
        }
        return pictures;
    }

    /** The elements of an input in JSON. */
    private static final class Elements {
        private float[] numbers = new float[FIRST_ELEMENTS];
        private int count;
        private final List<String> texts = new ArrayList<>();

        void add(float number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, Math.multiplyExact(count, 2));
            }
            numbers[count++] = number;
        }
    }

    /** Reads elements up to the end of the list, however they are nested. */
    private Elements elements() throws InvalidRequestException {
        var elements = new Elements();
        int depth = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            switch (token) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> elements.add(json.getFloatValue());
                case VALUE_STRING -> elements.texts.add(json.getString());
                case null, default ->
                    throw new InvalidRequestException("the data of an input must be numbers or strings, got " + token);
            }
        }
        return elements;
    }

    private long[] shape(JsonToken value) throws InvalidRequestException {
        expect(value, JsonToken.START_ARRAY, "the shape of an input");
        long[] shape = new long[MAX_RANK];
        int rank = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, "an extent of an input");
            if (rank == MAX_RANK) {
                throw new InvalidRequestException("the shape of an input has more than " + MAX_RANK + " extents");
            }
            shape[rank++] = json.getLongValue();
        }
        return Arrays.copyOf(shape, rank);
    }

    private Parameters parameters(JsonToken value, String owner) throws InvalidRequestException {
        expect(value, JsonToken.START_OBJECT, "the parameters of " + owner);
        long timeout = 0;
        boolean binaryOutput = false;
        Boolean binaryData = null;
        long binarySize = -1;
        String contentType = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            JsonToken token = json.nextToken();
            switch (key) {
                case "timeout" -> timeout = count(token, key);
                case "binary_data_output" -> binaryOutput = flag(token, key);
                case "binary_data" -> binaryData = flag(token, key);
                case "binary_data_size" -> binarySize = count(token, key);
                case "content_type" -> {
                    expect(token, JsonToken.VALUE_STRING, key);
                    contentType = json.getString();
                }
                default -> json.skipChildren();
            }
        }
        return new Parameters(timeout, binaryOutput, binaryData, binarySize, contentType);
    }

    private long count(JsonToken token, String key) throws InvalidRequestException {
        expect(token, JsonToken.VALUE_NUMBER_INT, key);
        long count = json.getLongValue();
        if (count < 0) {
            throw new InvalidRequestException(key + " must not be negative, got " + count);
        }
        return count;
    }

    private static boolean flag(JsonToken token, String key) throws InvalidRequestException {
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new InvalidRequestException(key + " must be true or false");
        };
    }

    private static void expect(@Nullable JsonToken found, JsonToken expected, String what)
            throws InvalidRequestException {
        if (found != expected) {
            throw new InvalidRequestException(
                    what + " must be " + word(expected) + ", got " + (found == null ? "nothing" : word(found)));
        }
    }

    private static String word(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> token.name();
        };
    }
}
