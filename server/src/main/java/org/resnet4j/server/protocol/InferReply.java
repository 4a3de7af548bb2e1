package org.resnet4j.server.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reply to an {@link InferRequest}.
 *
 * @param id that of the request
 * @param outputs in the order of the request
 */
public record InferReply(
        String model, String version, @Nullable String id, List<Output> outputs) {
    public InferReply {
        outputs = List.copyOf(outputs);
    }

    /**
     * An output tensor of type FP32.
     *
     * @param rows one for each image, of equal length
     * @param binary true if the elements follow the JSON as bytes
     */
    public record Output(String name, float[][] rows, boolean binary) {
        /** Returns the extents: images and numbers for each. */
        public long[] shape() {
            return new long[] {rows.length, rows[0].length};
        }

        /** Returns the number of elements. */
        public int size() {
            return rows.length * rows[0].length;
        }
    }
}
