package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;

/** libtorch in its channels-last memory format. */
public final class LibtorchNhwcPeer implements PredictionPeer {
    @Override
    public String name() {
        return "libtorch-nhwc";
    }

    @Override
    public String describe() {
        return Libtorch.describe(MemoryFormat.ChannelsLast, "float32");
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        return new LibtorchPrediction(prediction, MemoryFormat.ChannelsLast, ScalarType.Float, threads);
    }
}
