package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.resnet4j.benchmarks.TrainingPeer;
import org.resnet4j.benchmarks.Workload;

/**
 * Training as in {@link LibtorchTrainingPeer}, with {@code torch.autocast("cpu", torch.bfloat16)} around forward and
 * loss.
 */
public final class LibtorchBf16TrainingPeer implements TrainingPeer {
    @Override
    public String name() {
        return "libtorch-bf16";
    }

    @Override
    public String describe() {
        return Libtorch.describe(MemoryFormat.ChannelsLast, "bfloat16 by autocast");
    }

    @Override
    public Running prepare(Workload workload, int threads) {
        torch.set_num_threads(threads);
        torch.manual_seed(1);
        return new LibtorchTraining(workload, threads, true);
    }
}
