package org.resnet4j.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/** Any bytes are an ONNX file of a small network or are refused as malformed. */
class OnnxFuzzTest {
    private static final ResNetSpec SPEC = ResNetSpec.builder("tiny")
            .stem(Stem.SMALL_IMAGE)
            .depths(List.of(1, 1))
            .widths(List.of(1, 2))
            .shortcuts(ShortcutOption.A)
            .classes(2)
            .images(8, 1)
            .build();

    @TempDir
    private Path folder;

    @DictionaryEntries({
        "Conv",
        "BatchNormalization",
        "Relu",
        "Add",
        "Identity",
        "Constant",
        "Pad",
        "Slice",
        "ReduceMean",
        "AveragePool",
        "Gemm",
        "MatMul",
        "QuantizeLinear",
        "DequantizeLinear",
        "QLinearConv",
        "com.microsoft",
        "QLinearAdd",
        "QLinearGlobalAveragePool",
        "QGemm",
        "axis",
        "block_size",
        "kernel_shape",
        "location",
        "\\x38\\x01\\x70\\x01"
    })
    @FuzzTest(maxDuration = "10m")
    void file(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("x.onnx"), bytes);
        FuzzLimits.check(() -> {
            try (OnnxSource source = OnnxSource.open(file, SPEC)) {
                StateDict.copyOf(source);
                if (source instanceof Quantized quantized) {
                    quantized.quantization();
                }
            } catch (MalformedFileException documented) {
                return;
            }
        });
    }
}
