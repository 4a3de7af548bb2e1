package org.resnet4j.model.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads values of a JSON object by their keys. A value of another type is rejected with its key. */
record ConfigReader(Map<String, Object> values) {
    boolean has(String key) {
        return values.get(key) != null;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Returns the object of this key; an empty one if there is none. */
    @SuppressWarnings("unchecked") // an object of JSON has strings as keys
    ConfigReader object(String key) {
        Object value = values.get(key);
        if (value == null) {
            return new ConfigReader(Map.of());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "an object", value);
        }
        return new ConfigReader((Map<String, Object>) map);
    }

    String text(String key) {
        if (values.get(key) instanceof String text) {
            return text;
        }
        throw wrong(key, "a text", values.get(key));
    }

    boolean flag(String key) {
        if (values.get(key) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false", values.get(key));
    }

    int integer(String key) {
        return integer(key, values.get(key));
    }

    double number(String key) {
        return number(key, values.get(key));
    }

    List<Integer> integers(String key) {
        return list(key).stream().map(value -> integer(key, value)).toList();
    }

    List<String> texts(String key) {
        return list(key).stream().map(value -> label(key, value)).toList();
    }

    float[] floats(String key) {
        List<?> list = list(key);
        float[] floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) number(key, list.get(i));
        }
        return floats;
    }

    /** Returns the constant whose name is the text, ignoring case. */
    <E extends Enum<E>> E word(String key, Class<E> type) {
        String text = text(key);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> wrong(
                        key,
                        "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT),
                        text));
    }

    private List<?> list(String key) {
        if (values.get(key) instanceof List<?> list) {
            return list;
        }
        throw wrong(key, "a list", values.get(key));
    }

    /** Returns a text, or a number as a text. */
    private static String label(String key, @Nullable Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        throw wrong(key, "a list of texts", value);
    }

    private static int integer(String key, @Nullable Object value) {
        if (value instanceof Integer integer) {
            return integer;
        }
        throw wrong(key, "a whole number", value);
    }

    private static double number(String key, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(key, "a number", value);
    }

    private static IllegalArgumentException wrong(String key, String expected, @Nullable Object value) {
        return new IllegalArgumentException(key + " must be " + expected + ", got " + value);
    }
}
