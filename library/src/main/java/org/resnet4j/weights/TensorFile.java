package org.resnet4j.weights;

import java.io.Closeable;
import java.util.List;

/** An open file of tensors. Not thread-safe. */
public interface TensorFile extends TensorSource, Closeable {
    /** Returns the choices that were made in an ambiguous file, as sentences without a full stop; usually none. */
    default List<String> remarks() {
        return List.of();
    }
}
