package org.resnet4j.server.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for an inference.
 *
 * @param id returned in the reply; null if there is none
 * @param inputs the input tensors
 * @param outputs the wanted output tensors; empty for all
 * @param timeoutMicros the time after which the answer is not wanted any longer; 0 for that of the server
 * @param binary true if outputs are to be binary unless they say otherwise
 */
public record InferRequest(
        @Nullable String id, List<InferInput> inputs, List<Output> outputs, long timeoutMicros, boolean binary) {
    public InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Returns this request with a timeout that is no longer than another one.
     *
     * @param micros 0 for none
     */
    public InferRequest within(long micros) {
        boolean shorter = micros > 0 && (timeoutMicros == 0 || micros < timeoutMicros);
        return shorter ? new InferRequest(id, inputs, outputs, micros, binary) : this;
    }

    /**
     * A wanted output tensor.
     *
     * @param binary null for the choice of the request
     */
    public record Output(String name, @Nullable Boolean binary) {}
}
