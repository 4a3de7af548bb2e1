package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/**
 * A writer of result objects (maps, lists, strings and numbers) on one line, and a reader of the small files that
 * commands keep. JSON cannot represent numbers that are not finite; they are written as null.
 */
public final class Json {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private static final JSON READER = new JSON(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    /** Far more than any of these files takes. */
    private static final long MAX_BYTES = 64L << 20;

    private Json() {}

    /**
     * Returns the object as one line of JSON. Characters that {@link TerminalText} would escape are written as JSON
     * escapes.
     */
    public static String write(Object value) {
        return TerminalText.visible(WRITER.asString(writable(value)));
    }

    private static @Nullable Object writable(@Nullable Object value) {
        return switch (value) {
            case Double number when !Double.isFinite(number) -> null;
            case Float number when !Float.isFinite(number) -> null;
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, entry) -> copy.put(String.valueOf(key), writable(entry)));
                yield copy;
            }
            case Collection<?> list -> {
                var copy = new ArrayList<@Nullable Object>(list.size());
                list.forEach(entry -> copy.add(writable(entry)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    /**
     * Reads a file that consists of one JSON object.
     *
     * @throws MalformedFileException if the file is not a JSON object
     */
    static Map<String, Object> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedFileException(
                    file, "a file of " + Files.size(file) + " bytes is over the limit of " + MAX_BYTES);
        }
        try (JsonParser parser = READER.createParser(Files.readString(file))) {
            Map<String, Object> object = READER.mapFrom(parser);
            if (object == null) { // the file is empty or contains "null"
                throw new MalformedFileException(file, "not a JSON object");
            }
            if (parser.nextToken() != null) {
                throw new MalformedFileException(
                        file,
                        parser.currentTokenLocation().getCharOffset(),
                        "unexpected content after the JSON object");
            }
            return object;
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedFileException(file, "not UTF-8");
        } catch (JacksonException malformed) {
            String reason = MalformedFileException.jsonReason(malformed.getOriginalMessage());
            TokenStreamLocation location = malformed.getLocation(); // null if a limit of the parser was exceeded
            throw location == null || location.getCharOffset() < 0
                    ? new MalformedFileException(file, reason)
                    : new MalformedFileException(file, location.getCharOffset(), reason);
        }
    }
}
