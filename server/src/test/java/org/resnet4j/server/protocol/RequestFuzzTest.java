package org.resnet4j.server.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.FuzzedMemory;

/**
 * Any bytes are a request, whose inputs have the sizes that their shapes say, or are refused as invalid. The first line is
 * the header with the length of the JSON; without a line end there is no header.
 */
class RequestFuzzTest {
    @DictionaryFile(resourcePath = "RequestFuzzTest.dict")
    @FuzzTest(maxDuration = "10m")
    void request(byte[] bytes) throws Exception {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        boolean hasHeader = end < bytes.length;
        String header = hasHeader ? new String(bytes, 0, end) : null;
        byte[] body = hasHeader ? Arrays.copyOfRange(bytes, end + 1, bytes.length) : bytes;
        FuzzedMemory.check(bytes.length, () -> parse(body, header));
    }

    private static void parse(byte[] body, @Nullable String header) {
        InferRequest request;
        try {
            request = RequestParser.parse(body, header);
        } catch (InvalidRequestException documented) {
            assertTrue(documented.getMessage().length() < 2000 + body.length, "a long message");
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
