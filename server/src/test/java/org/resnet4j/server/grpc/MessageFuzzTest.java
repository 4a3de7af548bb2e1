package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.resnet4j.server.FuzzedMemory;
import org.resnet4j.server.protocol.InferInput;
import org.resnet4j.server.protocol.InferRequest;
import org.resnet4j.server.protocol.InvalidRequestException;

/** Any bytes are a message, whose inputs have the sizes that their shapes say, or are refused as invalid. */
class MessageFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void message(byte[] bytes) throws Exception {
        FuzzedMemory.check(bytes.length, () -> read(bytes));
    }

    private static void read(byte[] message) {
        InferRequest request;
        try {
            request = InferRequestReader.read(message).request();
        } catch (InvalidRequestException documented) {
            return;
        }
        for (InferInput input : request.inputs()) {
            long elements = Arrays.stream(input.shape()).reduce(1, Math::multiplyExact);
            switch (input) {
                case InferInput.Floats floats ->
                    assertEquals(elements, floats.values().remaining());
                case InferInput.Pictures pictures ->
                    assertEquals(elements, pictures.values().size());
            }
        }
    }
}
