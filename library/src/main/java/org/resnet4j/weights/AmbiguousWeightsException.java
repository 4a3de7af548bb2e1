package org.resnet4j.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A file holds the weights of several networks, and nothing says which are meant. */
public final class AmbiguousWeightsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final List<String> keys;

    /**
     * @param path the file
     * @param keys under which it has weights
     */
    public AmbiguousWeightsException(Path path, List<String> keys) {
        super(path + " holds several networks, and the key of one is needed: " + String.join(", ", keys));
        this.file = path.toString();
        this.keys = List.copyOf(keys);
    }

    /** Returns the file, as it was named by whoever asked to read it. */
    public String file() {
        return file;
    }

    /** Returns the keys under which the file has weights. */
    public List<String> keys() {
        return keys;
    }
}
