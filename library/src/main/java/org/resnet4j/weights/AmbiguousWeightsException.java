package org.resnet4j.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Thrown if a file contains the weights of several networks and none was selected.
 *
 * @since 0.1.0
 */
public final class AmbiguousWeightsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final List<String> keys;

    /**
     * Describes the choice.
     *
     * @param path the file
     * @param keys the keys of its weights
     */
    public AmbiguousWeightsException(Path path, List<String> keys) {
        super(path + " contains several networks; select one by its key: " + String.join(", ", keys));
        this.file = path.toString();
        this.keys = List.copyOf(keys);
    }

    /** Returns the file as the caller named it. */
    public String file() {
        return file;
    }

    /** Returns the keys of the weights in the file. */
    public List<String> keys() {
        return keys;
    }
}
