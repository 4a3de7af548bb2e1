package org.resnet4j.cli;

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
import tools.jackson.jr.ob.JSON;

/**
 * Writes result objects: maps, lists, strings and numbers, on one line; reads the small files that commands keep. JSON has
 * no word for a number that is not finite: it is written as null.
 */
final class Json {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private Json() {}

    static String write(Object value) {
        return WRITER.asString(writable(value));
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

    /** @throws MalformedFileException if the file is no JSON object */
    static Map<String, Object> read(Path file) throws IOException {
        try {
            Map<String, Object> object = JSON.std.mapFrom(Files.readString(file));
            if (object == null) { // of "null", and of a file that is empty
                throw new MalformedFileException(file, 0, "no JSON object");
            }
            return object;
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedFileException(file, 0, "not UTF-8");
        } catch (JacksonException malformed) {
            throw new MalformedFileException(
                    file,
                    Math.max(0, malformed.getLocation().getCharOffset()),
                    MalformedFileException.jsonReason(malformed.getOriginalMessage()));
        }
    }
}
