package org.resnet4j.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.weights.MalformedFileException;

/** Model folders of all versions: examples/shapes is one of 0.1.0, and must stay readable. */
class FormatVersionTest {
    private static final Path SHAPES = Path.of("..", "examples", "shapes", "config.json");
    private static final String VERSION = "\"format_version\" : 1";

    @Test
    void aModelOfVersion1IsReadAsItWasWritten() throws IOException {
        ModelConfig config = ModelConfig.read(SHAPES);
        assertEquals("shapes", config.spec().name());
        assertEquals(List.of(8, 16, 32), config.spec().stages().widths());
        assertEquals(Files.readString(SHAPES).strip(), new String(config.toBytes(), UTF_8).strip());
    }

    @Test
    void aDescriptionWithoutVersionIsRead() throws IOException {
        assertEquals(ModelConfig.read(SHAPES), read(Files.readString(SHAPES).replace(VERSION + ",", "")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2   | format_version is 2, and this version of resnet4j reads 1",
                "0   | format_version is 0, and this version of resnet4j reads 1",
                "1.5 | format_version",
                "\"1\" | format_version",
            })
    void anotherVersionIsRejectedByItsNumber(String version, String reason) throws IOException {
        String changed = Files.readString(SHAPES).replace(VERSION, "\"format_version\": " + version);
        var thrown = assertThrows(MalformedFileException.class, () -> read(changed));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
    }

    /** A newer version may have keys that this one does not know; the version is the reason to name. */
    @Test
    void theVersionIsCheckedBeforeTheKeys() throws IOException {
        String changed = Files.readString(SHAPES).replace(VERSION, "\"format_version\": 2, \"attention\": 8");
        var thrown = assertThrows(MalformedFileException.class, () -> read(changed));
        assertTrue(thrown.getMessage().contains("read the model with a newer version"), thrown.getMessage());
    }

    private static ModelConfig read(String text) throws IOException {
        return ModelConfig.read(Path.of("config.json"), text.getBytes(UTF_8));
    }
}
