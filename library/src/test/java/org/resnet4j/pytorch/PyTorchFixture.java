package org.resnet4j.pytorch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.jr.ob.JSON;

/** One object of a fixture file; asking for a key that is not there fails. */
public final class PyTorchFixture {
    private final Map<?, ?> values;

    private PyTorchFixture(Map<?, ?> values) {
        this.values = values;
    }

    /** The fixture {@code pytorch/NAME.json} of the test resources. */
    public static PyTorchFixture read(String name) {
        String resource = "/pytorch/" + name + ".json";
        try (InputStream stream = PyTorchFixture.class.getResourceAsStream(resource)) {
            return new PyTorchFixture(JSON.std.mapFrom(Objects.requireNonNull(stream, resource)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object value(String key) {
        return Objects.requireNonNull(values.get(key), () -> "no key " + key + " in " + values.keySet());
    }

    /** The keys, in the order of the file. */
    public Set<String> keys() {
        var keys = new LinkedHashSet<String>();
        values.keySet().forEach(key -> keys.add((String) key));
        return keys;
    }

    /** An object inside. */
    public PyTorchFixture child(String key) {
        return new PyTorchFixture((Map<?, ?>) value(key));
    }

    /** A list of objects. */
    public List<PyTorchFixture> children(String key) {
        return ((List<?>) value(key))
                .stream().map(one -> new PyTorchFixture((Map<?, ?>) one)).toList();
    }

    /** An object inside as text. */
    public String json(String key) {
        return JSON.std.asString(value(key));
    }

    /** A list of texts. */
    public List<String> texts(String key) {
        return ((List<?>) value(key)).stream().map(String.class::cast).toList();
    }

    /** A whole number. */
    public int integer(String key) {
        return ((Number) value(key)).intValue();
    }

    /** A number. */
    public double number(String key) {
        return ((Number) value(key)).doubleValue();
    }

    /** A text. */
    public String text(String key) {
        return (String) value(key);
    }

    /** A truth value. */
    public boolean flag(String key) {
        return (Boolean) value(key);
    }

    /** A list of numbers. */
    public double[] numbers(String key) {
        return ((List<?>) value(key))
                .stream().mapToDouble(one -> ((Number) one).doubleValue()).toArray();
    }

    /** A list of whole numbers. */
    public List<Integer> integers(String key) {
        return ((List<?>) value(key))
                .stream().map(one -> ((Number) one).intValue()).toList();
    }

    /** {@code batch=2, height=5, ...}: the numbers and texts of the object, for the name of a test. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof List) && !(entry.getValue() instanceof Map))
                .map(Object::toString)
                .collect(Collectors.joining(", "));
    }
}
