package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.resnet4j.benchmarks.TrainingPeer;
import org.resnet4j.benchmarks.Workload;

/** libtorch in float32 with channels-last tensors and weights, its fastest format for training on processors. */
public final class LibtorchTrainingPeer implements TrainingPeer {
    @Override
    public String name() {
        return "libtorch";
    }

    @Override
    public String describe() {
        return Libtorch.describe(MemoryFormat.ChannelsLast, "float32");
    }

    @Override
    public Running prepare(Workload workload, int threads) {
        torch.set_num_threads(threads);
        torch.manual_seed(1);
        return new LibtorchTraining(workload, threads, false);
    }
}
