package org.resnet4j.benchmarks.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.onnx.OnnxOptions;

/**
 * ONNX Runtime on the processor with all graph optimizations: it folds batch normalization, fuses additions and ReLU,
 * and stores channels in blocks. The batch size in the file is fixed, and threads wait as they do by default.
 */
public final class OnnxRuntimePeer implements PredictionPeer {
    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public String describe() {
        return OrtEnvironment.getEnvironment().getVersion() + ", CPU provider, all optimizations, float32";
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        try {
            Path file = Files.createTempFile("resnet4j-bench", ".onnx");
            try {
                OnnxFile.write(
                        file,
                        prediction.network(),
                        OnnxOptions.of(prediction.workload().spec())
                                .withBatch(prediction.workload().batch()));
                return new OnnxRuntimeSession(open(file, threads), prediction);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime rejects the network", e);
        }
    }

    private static OrtSession open(Path file, int threads) throws OrtException {
        try (var options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
        }
    }
}
