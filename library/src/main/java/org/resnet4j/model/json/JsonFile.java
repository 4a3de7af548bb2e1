package org.resnet4j.model.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/** Reads small files that contain one JSON object or list, without duplicate keys and trailing text. */
public final class JsonFile {
    private static final JSON READER = new JSON(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private JsonFile() {}

    /**
     * Reads a file: objects become maps, arrays lists, whole numbers integers of any size.
     *
     * @param maxBytes limit of the file size
     * @throws MalformedFileException if the file is larger, or is not one JSON object in UTF-8
     * @throws IOException if the file cannot be read
     */
    public static Map<String, Object> read(Path file, long maxBytes) throws IOException {
        checkSize(file, Files.size(file), maxBytes);
        return parse(file, Files.readAllBytes(file), "object", READER::mapFrom);
    }

    /**
     * Reads a file in memory, as {@link #read(Path, long)}.
     *
     * @param file the name of the file for messages
     * @param bytes the content of the file
     */
    public static Map<String, Object> read(Path file, byte[] bytes, long maxBytes) throws MalformedFileException {
        checkSize(file, bytes.length, maxBytes);
        return parse(file, bytes, "object", READER::mapFrom);
    }

    /**
     * Reads a list in memory, as {@link #read(Path, byte[], long)}.
     *
     * @throws MalformedFileException if the file is larger, or is not one JSON list in UTF-8
     */
    public static List<Object> readList(Path file, byte[] bytes, long maxBytes) throws MalformedFileException {
        checkSize(file, bytes.length, maxBytes);
        return parse(file, bytes, "list", READER::listFrom);
    }

    private static void checkSize(Path file, long size, long maxBytes) throws MalformedFileException {
        if (size > maxBytes) {
            throw new MalformedFileException(file, "a file of " + size + " bytes is over the limit of " + maxBytes);
        }
    }

    /** Reads one value. */
    private interface Reading<T> {
        @Nullable
        T of(JsonParser parser);
    }

    private static <T> T parse(Path file, byte[] bytes, String kind, Reading<T> reading) throws MalformedFileException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedFileException(file, "not UTF-8");
        }
        try (JsonParser parser = READER.createParser(text)) {
            T value = reading.of(parser);
            if (value == null) { // for "null" and for an empty file
                throw new MalformedFileException(file, "no JSON " + kind);
            }
            if (parser.nextToken() != null) {
                throw new MalformedFileException(
                        file, parser.currentTokenLocation().getCharOffset(), "there is more after the JSON " + kind);
            }
            return value;
        } catch (JacksonException malformed) {
            String reason = MalformedFileException.jsonReason(malformed.getOriginalMessage());
            TokenStreamLocation location = malformed.getLocation(); // null if a limit of the parser was reached
            throw location == null || location.getCharOffset() < 0
                    ? new MalformedFileException(file, reason)
                    : new MalformedFileException(file, location.getCharOffset(), reason);
        }
    }
}
