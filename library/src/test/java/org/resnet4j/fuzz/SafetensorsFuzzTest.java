package org.resnet4j.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/** Any bytes are a safetensors file or are refused as malformed. */
class SafetensorsFuzzTest {
    @TempDir
    private Path folder;

    @DictionaryEntries({"\"dtype\":\"F32\"", "\"shape\":[", "\"data_offsets\":[", "\"__metadata__\":{", "BF16", "BOOL"})
    @FuzzTest(maxDuration = "10m")
    void file(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("x.safetensors"), bytes);
        FuzzLimits.check(() -> {
            try {
                SafetensorsFile.read(file);
            } catch (MalformedFileException documented) {
                return;
            }
        });
    }
}
