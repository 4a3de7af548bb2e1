package org.resnet4j.model;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.TensorFile;

/** The tensors of a file whose names begin with a prefix, by the rest of their names. */
final class TensorsBelow implements TensorFile {
    private static final int BEGINNINGS_SHOWN = 8;

    private final TensorFile file;
    private final String prefix;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    private TensorsBelow(TensorFile file, String prefix) {
        this.file = file;
        this.prefix = prefix;
        file.shapes().forEach((name, shape) -> {
            if (name.startsWith(prefix)) {
                shapes.put(name.substring(prefix.length()), shape);
            }
        });
    }

    /**
     * Returns the part of a file below a key, or the file itself without a key.
     *
     * @param file closed with the returned part
     * @param key prefix of tensor names, followed by a dot
     * @throws IllegalArgumentException if no name begins with it
     */
    static TensorFile of(TensorFile file, @Nullable String key) {
        if (key == null) {
            return file;
        }
        var below = new TensorsBelow(file, key + ".");
        if (below.shapes.isEmpty()) {
            throw new IllegalArgumentException(
                    "there are no tensors under the key '" + key + "'; names begin with " + beginnings(file));
        }
        return below;
    }

    private static String beginnings(TensorFile file) {
        List<String> beginnings = file.shapes().keySet().stream()
                .map(name -> name.split("\\.", 2)[0])
                .distinct()
                .limit(BEGINNINGS_SHOWN + 1)
                .toList();
        return String.join(", ", beginnings.subList(0, Math.min(BEGINNINGS_SHOWN, beginnings.size())))
                + (beginnings.size() > BEGINNINGS_SHOWN ? ", …" : "");
    }

    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) throws IOException {
        file.read(prefix + name, start, count, target);
    }

    @Override
    public List<String> remarks() {
        return file.remarks();
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
