package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.model.json.JsonFile;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.jr.ob.JSON;

/**
 * Writes result objects: maps, lists, strings and numbers, on one line; reads the small files that commands keep. JSON has
 * no word for a number that is not finite: it is written as null.
 */
public final class Json {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    /** Far more than commands keep. */
    private static final long MAX_BYTES = 64L << 20;

    private Json() {}

    /** Everything that {@link TerminalText} would show as an escape is one of JSON's already. */
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

    /** @throws MalformedFileException if the file is no JSON object */
    static Map<String, Object> read(Path file) throws IOException {
        return JsonFile.read(file, MAX_BYTES);
    }
}
