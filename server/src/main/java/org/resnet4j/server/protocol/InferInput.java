package org.resnet4j.server.protocol;

import java.nio.FloatBuffer;
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
     * @param values from its first to its limit as many as the shape says, row-major; may be a view of the request
     */
    record Floats(String name, long[] shape, FloatBuffer values) implements InferInput {}

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
