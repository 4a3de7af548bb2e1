package org.resnet4j.weights;

import java.io.Closeable;
import java.util.List;

/** An open file of tensors. For one thread at a time. */
public interface TensorFile extends TensorSource, Closeable {
    /** Returns what was chosen where the file left a choice, in sentences without a full stop; usually nothing. */
    default List<String> remarks() {
        return List.of();
    }
}
