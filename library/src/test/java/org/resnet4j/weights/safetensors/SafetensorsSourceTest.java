package org.resnet4j.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

class SafetensorsSourceTest {
    private static final int LARGE = 200_003;

    @TempDir
    private Path folder;

    private Path file;
    private final Tensor small = Tensor.zeros(2, 3);
    private final Tensor large = Tensor.zeros(LARGE);

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("x.safetensors");
        for (int i = 0; i < LARGE; i++) {
            large.array()[i] = i * 0.5f;
        }
        Arrays.fill(small.array(), 3);
        var state = new StateDict();
        state.put("large", large);
        state.put("small", small);
        state.put("none", Tensor.zeros(0, 4));
        new SafetensorsFile(state, Map.of("format", "pt")).write(file);
    }

    @Test
    void namesAndShapesAreKnownAndTensorsAreReadInAnyOrder() throws IOException {
        try (var source = SafetensorsSource.open(file)) {
            assertEquals(
                    List.of("large", "small", "none"),
                    List.copyOf(source.shapes().keySet()));
            assertEquals(Shape.of(2, 3), source.shapes().get("small"));
            assertEquals(Map.of("format", "pt"), source.metadata());
            float[] target = new float[LARGE + 1];
            target[6] = -1;
            source.read("small", 0, 6, target);
            assertArrayEquals(new float[] {3, 3, 3, 3, 3, 3, -1}, Arrays.copyOf(target, 7));
            source.read("none", 0, 0, target);
            source.read("large", 0, LARGE, target);
            assertArrayEquals(large.array(), Arrays.copyOf(target, LARGE));
            source.read("large", 70_001, 66_000, target);
            assertArrayEquals(Arrays.copyOfRange(large.array(), 70_001, 136_001), Arrays.copyOf(target, 66_000));
            source.read("small", 4, 2, target);
            assertArrayEquals(new float[] {3, 3, 35_001.5f}, Arrays.copyOf(target, 3));
        }
    }

    @Test
    void unknownNamesAndPlacesOutsideAreRefused() throws IOException {
        try (var source = SafetensorsSource.open(file)) {
            var unknown = assertThrows(IllegalArgumentException.class, () -> source.read("other", 0, 1, new float[9]));
            assertTrue(unknown.getMessage().contains("other"), unknown.getMessage());
            assertThrows(IndexOutOfBoundsException.class, () -> source.read("small", 0, 6, new float[5]));
            assertThrows(IndexOutOfBoundsException.class, () -> source.read("small", 1, 6, new float[9]));
            assertThrows(IndexOutOfBoundsException.class, () -> source.read("small", -1, 2, new float[9]));
        }
    }

    @Test
    void fileThatIsCutWhileItIsOpenIsAnError() throws IOException {
        try (var source = SafetensorsSource.open(file);
                var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) / 2);
            assertThrows(EOFException.class, () -> source.read("large", 0, LARGE, new float[LARGE]));
        }
    }

    @Test
    void malformedFileIsRefusedWhenItIsOpened() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThrows(MalformedFileException.class, () -> SafetensorsSource.open(file));
    }
}
