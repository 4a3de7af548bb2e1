package org.resnet4j.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/** Reads the files that {@code torch_fixtures.py} wrote. */
final class TorchFixtures {
    private TorchFixtures() {}

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = TorchFixtures.class.getResourceAsStream("/weights/torch/" + name)) {
            assertNotNull(in, name);
            return in.readAllBytes();
        }
    }

    /** Copies a file to a folder of the test. */
    static Path copy(String name, Path folder) throws IOException {
        return Files.write(folder.resolve(name), bytes(name));
    }

    /** Returns the expected contents of some of them. */
    static StateDict expected(String name, Path folder) throws IOException {
        return SafetensorsFile.read(copy(name + ".safetensors", folder)).tensors();
    }

    static void assertSame(StateDict expected, StateDict actual) {
        assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
        expected.tensors()
                .forEach((name, tensor) ->
                        assertSame(name, tensor, actual.tensors().get(name)));
    }

    static void assertSame(String name, Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), name);
        assertArrayEquals(expected.array(), actual.array(), name);
    }
}
