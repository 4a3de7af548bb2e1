package org.resnet4j.benchmarks.libtorch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.resnet4j.benchmarks.GaussianImages;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;
import org.resnet4j.resnet.state.ResNetState;

/** A network of libtorch in evaluation mode, called layer by layer as in Python, with one batch. */
final class LibtorchPrediction implements PredictionPeer.Running {
    private final int threads;
    private final LibtorchNetwork network;
    private final Tensor images;

    LibtorchPrediction(Prediction prediction, MemoryFormat format, ScalarType type, int threads) {
        this.threads = threads;
        try (var _ = new PointerScope()) {
            network = new LibtorchNetwork(
                    prediction.workload().spec(), ResNetState.stateDict(prediction.network()), format, type, false);
            images = images(prediction.images(), format).to(type);
            images.retainReference();
        }
    }

    /** Returns the images as a libtorch tensor, NCHW. */
    static Tensor images(org.resnet4j.tensor.Tensor images, MemoryFormat format) {
        return Libtorch.copy(
                        GaussianImages.channelsFirst(images),
                        images.shape().extent(0),
                        images.shape().extent(3),
                        images.shape().extent(1),
                        images.shape().extent(2))
                .contiguous(format);
    }

    @Override
    public void call() {
        torch.set_num_threads(threads);
        try (var _ = new PointerScope();
                var _ = new InferenceMode(true)) {
            network.forward(images);
        }
    }

    @Override
    public float[] logits() {
        try (var _ = new PointerScope();
                var _ = new InferenceMode(true)) {
            return Libtorch.values(network.forward(images).to(ScalarType.Float));
        }
    }

    @Override
    public void close() {
        images.releaseReference();
        network.close();
    }
}
