package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.resnet4j.weights.JsonFile;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.jr.ob.JSON;

/** Writes result objects: maps, lists, strings and numbers, on one line; reads the small files that commands keep. */
final class Json {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    /** Far more than commands keep. */
    private static final long MAX_BYTES = 64L << 20;

    private Json() {}

    /** Everything that {@link TerminalText} would show as an escape is one of JSON's already. */
    static String write(Object value) {
        return TerminalText.visible(WRITER.asString(value));
    }

    /** @throws MalformedFileException if the file is no JSON object */
    static Map<String, Object> read(Path file) throws IOException {
        return JsonFile.read(file, MAX_BYTES);
    }
}
