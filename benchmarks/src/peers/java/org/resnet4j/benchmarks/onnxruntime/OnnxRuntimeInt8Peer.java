package org.resnet4j.benchmarks.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import org.resnet4j.benchmarks.Precision;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;

/**
 * ONNX Runtime with the quantized network that we write, as {@link OnnxRuntimePeer}: it fuses operators between pairs of
 * QuantizeLinear and DequantizeLinear to operators on bytes.
 */
public final class OnnxRuntimeInt8Peer implements PredictionPeer {
    @Override
    public String name() {
        return "onnxruntime-int8";
    }

    @Override
    public String describe() {
        return OrtEnvironment.getEnvironment().getVersion() + ", CPU provider, all optimizations, int8";
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        return OnnxRuntimeSession.open(prediction, Precision.INT8, threads);
    }
}
