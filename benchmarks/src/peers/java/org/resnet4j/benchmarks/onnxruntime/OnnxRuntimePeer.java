package org.resnet4j.benchmarks.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import org.resnet4j.benchmarks.Precision;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;

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
        return OnnxRuntimeSession.open(prediction, Precision.FLOAT32, threads);
    }
}
