package org.resnet4j.weights;

import java.io.Closeable;
import java.util.List;

/**
 * An open file of tensors. Not thread-safe.
 *
 * @since 0.1.0
 */
public interface TensorFile extends TensorSource, Closeable {
    /** Returns the choices that were made in an ambiguous file, as sentences without a full stop; usually none. */
    default List<String> remarks() {
        return List.of();
    }
}
