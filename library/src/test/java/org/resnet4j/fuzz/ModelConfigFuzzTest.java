package org.resnet4j.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.weights.MalformedFileException;

/** Any bytes are the description of a model or are refused as malformed; the weights beside it are none at all. */
class ModelConfigFuzzTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeEmptyWeights() throws IOException {
        Files.write(folder.resolve(ModelFolder.WEIGHTS), "\2\0\0\0\0\0\0\0{}".getBytes(StandardCharsets.ISO_8859_1));
    }

    @DictionaryFile(resourcePath = "ModelConfigFuzzTest.dict")
    @FuzzTest(maxDuration = "10m")
    void config(byte[] bytes) throws IOException {
        Files.write(folder.resolve(ModelFolder.CONFIG), bytes);
        FuzzLimits.check(() -> {
            try {
                ModelFolder.load(folder);
            } catch (MalformedFileException documented) {
                return;
            }
        });
    }
}
