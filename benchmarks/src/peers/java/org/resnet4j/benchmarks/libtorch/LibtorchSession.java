package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.resnet4j.benchmarks.Peer;
import org.resnet4j.benchmarks.Workload;

/** A network of libtorch, its optimiser and its one batch. */
final class LibtorchSession implements Peer.Session {
    private final int threads;
    private final LibtorchNetwork network;
    private final Tensor images;
    private final Tensor labels;
    private final SGD optimizer;

    LibtorchSession(Workload workload, int threads) {
        this.threads = threads;
        try (var _ = new PointerScope()) {
            network = new LibtorchNetwork(workload);
            images = torch.randn(workload.batch(), 3, workload.size(), workload.size())
                    .contiguous(MemoryFormat.ChannelsLast);
            labels = torch.randint(
                    workload.classes(), new long[] {workload.batch()}, new TensorOptions(ScalarType.Long));
            var options = new SGDOptions(Workload.LEARNING_RATE);
            options.momentum().put(Workload.MOMENTUM);
            options.weight_decay().put(Workload.WEIGHT_DECAY);
            var parameters = new TensorVector(network.parameters().toArray(Tensor[]::new));
            optimizer = new SGD(parameters, options);
            images.retainReference();
            labels.retainReference();
            optimizer.retainReference();
        }
    }

    @Override
    public double step() {
        torch.set_num_threads(threads);
        try (var _ = new PointerScope()) {
            optimizer.zero_grad();
            Tensor loss = torch.cross_entropy_loss(network.forward(images), labels);
            loss.backward();
            optimizer.step();
            return loss.item_float();
        }
    }

    @Override
    public void close() {
        optimizer.releaseReference();
        labels.releaseReference();
        images.releaseReference();
        network.close();
    }
}
