package org.resnet4j.server.protocol;

import java.util.Arrays;
import java.util.List;

/** An input tensor of a request. */
public sealed interface InferInput {
    /** Returns the name of the input. */
    String name();

    /** Returns the extents. */
    long[] shape();

    /**
     * Numbers.
     *
     * @param values as many as the shape says, row-major
     */
    record Floats(String name, long[] shape, float[] values) implements InferInput {}

    /**
     * Encoded pictures.
     *
     * @param values as many as the shape says; the content of a picture file each
     */
    record Pictures(String name, long[] shape, List<byte[]> values) implements InferInput {
        public Pictures {
            values = List.copyOf(values);
        }
    }

    /** Returns the description of a shape for messages: {@code [1, 3, 224, 224]}. */
    static String text(long[] shape) {
        return Arrays.toString(shape);
    }
}
