package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;

/** libtorch in its default memory format, channels first. */
public final class LibtorchNchwPeer implements PredictionPeer {
    @Override
    public String name() {
        return "libtorch-nchw";
    }

    @Override
    public String describe() {
        return Libtorch.describe(MemoryFormat.Contiguous, "float32");
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        return new LibtorchPrediction(prediction, MemoryFormat.Contiguous, ScalarType.Float, threads);
    }
}
