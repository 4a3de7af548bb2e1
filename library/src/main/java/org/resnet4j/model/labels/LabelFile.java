package org.resnet4j.model.labels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.model.json.JsonFile;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.jr.ob.JSON;

/**
 * A file of class names in the order of the scores: one name in each line; or JSON, as a list of names, or as an object
 * with the numbers of the classes as keys and names as values. The value may be a list whose last element is the name,
 * as in Keras' {@code imagenet_class_index.json}.
 */
public final class LabelFile {
    /** The end of the name of a file with the class names of the weights beside it. */
    private static final String EXTENSION = ".labels.txt";

    /** A million names of 16 bytes. */
    private static final long MAX_BYTES = 16L << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private LabelFile() {}

    /**
     * Reads a file.
     *
     * @throws MalformedFileException if it is not a file of class names; the message names the line or the key
     * @throws IOException if the file cannot be read
     */
    public static List<String> read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedFileException(
                    file, "a file of " + Files.size(file) + " bytes is over the limit of " + MAX_BYTES);
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = decode(file, bytes);
        String start = text.stripLeading();
        if (start.startsWith("{")) {
            return ofObject(file, JsonFile.read(file, bytes, MAX_BYTES));
        }
        if (start.startsWith("[")) {
            return ofList(file, JsonFile.readList(file, bytes, MAX_BYTES));
        }
        return ofLines(file, text);
    }

    private static String decode(Path file, byte[] bytes) throws MalformedFileException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedFileException(file, "not a text in UTF-8");
        }
    }

    private static List<String> ofLines(Path file, String text) throws MalformedFileException {
        List<String> names = text.lines().map(String::strip).toList();
        int count = names.size();
        while (count > 0 && names.get(count - 1).isEmpty()) {
            count--;
        }
        if (count == 0) {
            throw new MalformedFileException(file, "it has no class names");
        }
        for (int i = 0; i < count; i++) {
            if (names.get(i).isEmpty()) {
                throw new MalformedFileException(
                        file, "line " + (i + 1) + " is empty; each line has the name of a class");
            }
        }
        return List.copyOf(names.subList(0, count));
    }

    private static List<String> ofList(Path file, List<?> values) throws MalformedFileException {
        var names = new ArrayList<String>();
        for (Object value : values) {
            names.add(name(file, names.size(), value));
        }
        return List.copyOf(names);
    }

    private static List<String> ofObject(Path file, Map<String, Object> values) throws MalformedFileException {
        var names = new ArrayList<String>();
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(Integer.toString(i));
            if (value == null) {
                throw new MalformedFileException(
                        file,
                        "class " + i + " has no name; the keys are the numbers of the classes, 0 to "
                                + (values.size() - 1));
            }
            names.add(name(file, i, value));
        }
        return List.copyOf(names);
    }

    private static String name(Path file, int index, @Nullable Object value) throws MalformedFileException {
        Object last = value instanceof List<?> parts && !parts.isEmpty() ? parts.getLast() : value;
        if (last instanceof String name && !name.isEmpty()) {
            return name;
        }
        throw new MalformedFileException(file, "the name of class " + index + " must be a text, got " + value);
    }

    /** Returns the file of class names that belongs to a file of weights: {@code pets.labels.txt} for {@code pets.pth}. */
    public static Path beside(Path weights) {
        String name = String.valueOf(weights.getFileName());
        int dot = name.lastIndexOf('.');
        return weights.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + EXTENSION);
    }

    /** Writes one name in each line; or a JSON list, if lines would lose a part of a name. */
    public static void write(Path file, List<String> names) throws IOException {
        boolean isText = names.stream()
                .allMatch(name -> name.strip().equals(name)
                        && name.lines().count() == 1
                        && !name.startsWith("{")
                        && !name.startsWith("["));
        String text = (isText ? String.join("\n", names) : JSON.std.asString(names)) + "\n";
        AtomicFile.write(file, text);
    }
}
