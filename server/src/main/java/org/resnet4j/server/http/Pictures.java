package org.resnet4j.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.protocol.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The pictures in the body of a request.
 *
 * @param files the content of a file each, with its name if it has one
 * @param isList true if the request may have any number of pictures, so that its reply is a list
 */
record Pictures(List<File> files, boolean isList) {
    private static final String ONE = "image";
    private static final String SEVERAL = "images";
    private static final int MAX_FILES = 256;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2)
                    .maxStringLength(1 << 30)
                    .build())
            .build();

    /** A picture. */
    record File(@Nullable String name, byte[] content) {}

    /**
     * Reads the pictures of a request: a form, JSON, or the content of one picture file as the whole body.
     *
     * @param type the header {@code Content-Type}, or null
     * @throws InvalidRequestException if there is none
     */
    static Pictures of(@Nullable String type, byte[] body) throws InvalidRequestException {
        if (body.length == 0) {
            throw new InvalidRequestException("the body is empty; it must be the content of a picture file");
        }
        String known = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
        if (known.startsWith(Multipart.TYPE)) {
            List<File> files = Multipart.parse(String.valueOf(type), body).stream()
                    .map(file -> new File(file.name(), file.content()))
                    .toList();
            if (files.isEmpty()) {
                throw new InvalidRequestException("the form has no files");
            }
            return new Pictures(files, true);
        }
        return known.startsWith(Exchange.JSON) ? ofJson(body) : new Pictures(List.of(new File(null, body)), false);
    }

    private static Pictures ofJson(byte[] body) throws InvalidRequestException {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            Pictures pictures = read(json);
            if (json.nextToken() != null) {
                throw new InvalidRequestException("data follows the JSON of the request");
            }
            return pictures;
        } catch (JacksonException broken) {
            throw new InvalidRequestException("the request is not valid JSON with pictures in base64: "
                    + String.valueOf(broken.getOriginalMessage())
                            .lines()
                            .findFirst()
                            .orElse(""));
        }
    }

    private static Pictures read(JsonParser json) throws InvalidRequestException {
        if (json.nextToken() == JsonToken.START_OBJECT && json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            var files = new ArrayList<File>();
            if (name.equals(ONE) && value == JsonToken.VALUE_STRING) {
                files.add(new File(null, json.getBinaryValue()));
            } else if (name.equals(SEVERAL) && value == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.VALUE_STRING && files.size() < MAX_FILES) {
                    files.add(new File(null, json.getBinaryValue()));
                }
            }
            boolean isComplete = name.equals(ONE) || json.currentToken() == JsonToken.END_ARRAY;
            if (!files.isEmpty() && isComplete && json.nextToken() == JsonToken.END_OBJECT) {
                return new Pictures(files, name.equals(SEVERAL));
            }
        }
        throw new InvalidRequestException("the request must be {\"" + ONE + "\": \"...\"} or {\"" + SEVERAL
                + "\": [\"...\"]} with the content of 1 to " + MAX_FILES + " picture files in base64");
    }
}
