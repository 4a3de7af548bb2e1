package org.resnet4j.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.resnet4j.onnx.proto.Metadata;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/** The class names in a file's metadata: a JSON list under the key that timm's {@code config.json} has for it. */
final class LabelMetadata {
    private static final String KEY = "label_names";

    private LabelMetadata() {}

    /** Returns the entry for class names; none if there are no names. */
    static List<Metadata> of(List<String> labels) {
        return labels.isEmpty() ? List.of() : List.of(new Metadata(KEY, JSON.std.asString(labels)));
    }

    /**
     * Returns the class names of a file; empty if it has none.
     *
     * @throws MalformedFileException if the entry is not a list of texts
     */
    static List<String> read(Path path, Map<String, String> metadata) throws MalformedFileException {
        String text = metadata.get(KEY);
        if (text == null) {
            return List.of();
        }
        var labels = new ArrayList<String>();
        for (Object label : values(path, text)) {
            if (!(label instanceof String name)) {
                throw new MalformedFileException(
                        path, "its metadata " + KEY + " must be a list of texts, got " + label);
            }
            labels.add(name);
        }
        return List.copyOf(labels);
    }

    private static List<?> values(Path path, String text) throws MalformedFileException {
        try {
            if (JSON.std.anyFrom(text) instanceof List<?> values) {
                return values;
            }
        } catch (JacksonException malformed) {
            throw new MalformedFileException(
                    path,
                    "its metadata " + KEY + ": " + MalformedFileException.jsonReason(malformed.getOriginalMessage()));
        }
        throw new MalformedFileException(path, "its metadata " + KEY + " must be a list of texts");
    }
}
