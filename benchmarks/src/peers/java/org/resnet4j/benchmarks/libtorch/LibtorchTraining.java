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
import org.resnet4j.benchmarks.GaussianImages;
import org.resnet4j.benchmarks.TrainingPeer;
import org.resnet4j.benchmarks.Workload;
import org.resnet4j.resnet.state.ResNetState;

/** A network of libtorch with its optimizer and one batch. */
final class LibtorchTraining implements TrainingPeer.Running {
    private final int threads;
    private final boolean bfloat16;
    private final LibtorchNetwork network;
    private final Tensor images;
    private final Tensor labels;
    private final SGD optimizer;
    private double loss;

    /**
     * Creates the session.
     *
     * @param bfloat16 true to compute forward and loss under autocast
     */
    LibtorchTraining(Workload workload, int threads, boolean bfloat16) {
        this.threads = threads;
        this.bfloat16 = bfloat16;
        try (var _ = new PointerScope()) {
            network = new LibtorchNetwork(
                    workload.spec(),
                    ResNetState.stateDict(TrainingPeer.network(workload)),
                    MemoryFormat.ChannelsLast,
                    ScalarType.Float,
                    true);
            images = LibtorchPrediction.images(GaussianImages.of(workload), MemoryFormat.ChannelsLast);
            labels = torch.randint(
                    workload.spec().classes(), new long[] {workload.batch()}, new TensorOptions(ScalarType.Long));
            var options = new SGDOptions(TrainingPeer.LEARNING_RATE);
            options.momentum().put(TrainingPeer.MOMENTUM);
            options.weight_decay().put(TrainingPeer.WEIGHT_DECAY);
            var parameters = new TensorVector(network.parameters().toArray(Tensor[]::new));
            optimizer = new SGD(parameters, options);
            images.retainReference();
            labels.retainReference();
            optimizer.retainReference();
        }
    }

    @Override
    public void call() {
        torch.set_num_threads(threads);
        try (var _ = new PointerScope()) {
            optimizer.zero_grad();
            Tensor result = forward();
            result.backward();
            optimizer.step();
            loss = result.item_float();
        }
    }

    private Tensor forward() {
        try (var _ = new Autocast(bfloat16)) {
            Tensor logits = network.forward(images);
            if ((logits.scalar_type().intern() == ScalarType.BFloat16) != bfloat16) {
                throw new IllegalStateException(
                        "libtorch computed in " + logits.scalar_type().intern());
            }
            return torch.cross_entropy_loss(logits, labels);
        }
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public void close() {
        optimizer.releaseReference();
        labels.releaseReference();
        images.releaseReference();
        network.close();
    }
}
