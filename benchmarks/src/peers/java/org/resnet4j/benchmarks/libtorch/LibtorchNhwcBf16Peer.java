package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;

/** libtorch in its channels-last memory format, with weights and values in bfloat16 ({@code model.bfloat16()}). */
public final class LibtorchNhwcBf16Peer implements PredictionPeer {
    @Override
    public String name() {
        return "libtorch-nhwc-bf16";
    }

    @Override
    public String describe() {
        return Libtorch.describe(MemoryFormat.ChannelsLast, "bfloat16");
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        return new LibtorchPrediction(prediction, MemoryFormat.ChannelsLast, ScalarType.BFloat16, threads);
    }
}
