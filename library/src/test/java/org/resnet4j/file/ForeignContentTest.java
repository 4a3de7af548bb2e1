package org.resnet4j.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignContentTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Arguments[] contents() {
        return new Arguments[] {
            Arguments.of("", "an empty file"),
            Arguments.of("\u001f\u008b\b", "a gzip file; unpack it first"),
            Arguments.of("weights.pth" + "\0".repeat(246) + "ustar", "a tar archive; unpack it first"),
            Arguments.of(
                    "\u0089HDF\r\n\u001a\n",
                    "an HDF5 file, as Keras writes; only safetensors, PyTorch and ONNX are read"),
            Arguments.of("\u0093NUMPY\1", "a NumPy array; only safetensors, PyTorch and ONNX are read"),
            Arguments.of("\u00ff\u00d8\u00ff\u00e0", "a picture"),
            Arguments.of("\u0089PNG\r\n", "a picture"),
            Arguments.of("GIF89a", "a picture"),
            Arguments.of("RIFF\1\2\3\4WEBPVP8 ", "a picture"),
        };
    }

    @ParameterizedTest
    @MethodSource("contents")
    void contentThatIsNotWeightsIsNamed(String start, String name) {
        assertEquals(name, ForeignContent.name(bytes(start)));
    }

    @Test
    void contentThatIsNotKnownHasNoName() {
        assertNull(ForeignContent.name(bytes("RIFF\1\2\3\4WAVE")));
        assertNull(ForeignContent.name(bytes("some text")));
    }
}
