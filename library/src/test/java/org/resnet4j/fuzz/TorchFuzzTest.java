package org.resnet4j.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.torch.TorchFile;

/** Any bytes are a torch.save file or are refused as malformed, and no file makes tensors out of nothing. */
class TorchFuzzTest {
    /** Times 4 for tensors that share storages, times 17 for deflated ones. */
    private static final int MAX_ELEMENTS_PER_BYTE = 4 * 17;

    @TempDir
    private Path folder;

    @FuzzTest(maxDuration = "10m")
    void file(byte[] bytes) throws IOException {
        read(bytes);
    }

    /** A pickle in a zip file with storages of 0, 1, 2, 4, 8, 16, 32 and 64 bytes, whose keys are these numbers. */
    @DictionaryEntries({
        "ctorch._utils\\x0a_rebuild_tensor_v2\\x0a",
        "ctorch._utils\\x0a_rebuild_parameter\\x0a",
        "ccollections\\x0aOrderedDict\\x0a",
        "ctorch\\x0aFloatStorage\\x0a",
        "ctorch\\x0aByteStorage\\x0a",
        "ctorch\\x0aSize\\x0a",
        "cos\\x0asystem\\x0a",
        "cargparse\\x0aNamespace\\x0a",
        "ctorch._tensor\\x0a_rebuild_from_type_v2\\x0a",
        "state_dict"
    })
    @FuzzTest(maxDuration = "10m")
    void pickle(byte[] bytes) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", bytes);
        entries.put("archive/data/0", new byte[0]);
        for (int size = 1; size <= 64; size *= 2) {
            entries.put("archive/data/" + size, new byte[size]);
        }
        read(FuzzFiles.zip(entries));
    }

    private void read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("x.pth"), bytes);
        FuzzLimits.check(() -> {
            try {
                long elements = TorchFile.read(file).tensors().values().stream()
                        .mapToLong(Tensor::size)
                        .sum();
                assertTrue(
                        elements <= (long) MAX_ELEMENTS_PER_BYTE * bytes.length,
                        elements + " elements from " + bytes.length + " bytes");
            } catch (MalformedFileException | AmbiguousWeightsException documented) {
                return;
            }
        });
    }
}
