package org.resnet4j.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.resnet4j.benchmarks.Workload;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.weights.StateDict;

/** A residual network of libtorch's functions, in the order of torchvision, with given weights. Tensors are NCHW. */
final class LibtorchNetwork implements AutoCloseable {
    private final StateDict state;
    private final MemoryFormat format;
    private final ScalarType type;
    private final boolean training;
    private final List<Pointer> kept = new ArrayList<>();
    private final List<Tensor> parameters = new ArrayList<>();
    private final boolean maxPool;
    private final Convolution stem;
    private final List<Block> blocks = new ArrayList<>();
    private final Tensor fcWeight;
    private final TensorOptional fcBias;

    /**
     * Creates the network.
     *
     * @param state the weights, which are copied
     * @param format the memory format of weights and activations
     * @param type the number format of weights and activations
     * @param training true if normalization uses batch statistics and gradients are required
     */
    LibtorchNetwork(ResNetSpec spec, StateDict state, MemoryFormat format, ScalarType type, boolean training) {
        this.state = state;
        this.format = format;
        this.type = type;
        this.training = training;
        Workload.checkFirstPaper(spec);
        maxPool = spec.stem().kind() == Stem.IMAGENET;
        stem = new Convolution("conv1", "bn1", maxPool ? 2 : 1);
        int in = spec.stages().widths().getFirst();
        for (int stage = 0; stage < spec.stages().depths().size(); stage++) {
            for (int block = 0; block < spec.stages().depths().get(stage); block++) {
                int out =
                        spec.stages().widths().get(stage) * spec.block().kind().expansion();
                int stride = stage > 0 && block == 0 ? 2 : 1;
                blocks.add(new Block("layer" + (stage + 1) + "." + block, in, out, stride, spec));
                in = out;
            }
        }
        fcWeight = parameter(value("fc.weight"));
        fcBias = keep(new TensorOptional(parameter(value("fc.bias"))));
    }

    /** Returns the parameters that the optimizer updates. */
    List<Tensor> parameters() {
        return parameters;
    }

    /** Computes the logits of a batch. */
    Tensor forward(Tensor images) {
        Tensor x = stem.forward(images).relu_();
        if (maxPool) {
            x = torch.max_pool2d(x, pair(3), pair(2), pair(1), pair(1), false);
        }
        for (Block block : blocks) {
            x = block.forward(x);
        }
        if (!x.is_contiguous(format)) {
            throw new IllegalStateException("libtorch changed the memory format");
        }
        Tensor features = torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, -1);
        return torch.linear(features, fcWeight, fcBias);
    }

    @Override
    public void close() {
        kept.forEach(Pointer::releaseReference);
        kept.clear();
    }

    private static long[] pair(long value) {
        return new long[] {value, value};
    }

    /** Keeps a native object alive beyond the pointer scope that created it. */
    private <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        kept.add(pointer);
        return pointer;
    }

    private Tensor parameter(Tensor value) {
        Tensor parameter = keep(value);
        parameter.set_requires_grad(training);
        parameters.add(parameter);
        return parameter;
    }

    private Tensor value(String name) {
        org.resnet4j.tensor.Tensor value = state.get(name);
        if (value == null) {
            throw new IllegalStateException("no weights " + name);
        }
        long[] extents = new long[value.shape().rank()];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = value.shape().extent(axis);
        }
        return Libtorch.copy(value.copy().array(), extents).to(type);
    }

    /** A convolution without bias, with its batch normalization. */
    private final class Convolution {
        private final Tensor weight;
        private final TensorOptional noBias = keep(new TensorOptional());
        private final TensorOptional gamma;
        private final TensorOptional beta;
        private final TensorOptional runningMean;
        private final TensorOptional runningVariance;
        private final int stride;
        private final long padding;

        Convolution(String name, String normalization, int stride) {
            this.stride = stride;
            weight = parameter(value(name + ".weight").contiguous(format));
            padding = weight.size(2) / 2;
            gamma = keep(new TensorOptional(parameter(value(normalization + ".weight"))));
            beta = keep(new TensorOptional(parameter(value(normalization + ".bias"))));
            runningMean = keep(new TensorOptional(value(normalization + ".running_mean")));
            runningVariance = keep(new TensorOptional(value(normalization + ".running_var")));
        }

        Tensor forward(Tensor x) {
            Tensor y = torch.conv2d(x, weight, noBias, pair(stride), pair(padding), pair(1), 1);
            if (!weight.is_contiguous(format) || !y.is_contiguous(format)) {
                throw new IllegalStateException("libtorch computed the convolution in another memory format");
            }
            return torch.batch_norm(y, gamma, beta, runningMean, runningVariance, training, 0.1, 1e-5, false);
        }
    }

    /** A basic or bottleneck block; the stride is on the first 3x3. */
    private final class Block {
        private final List<Convolution> branch;
        private final ShortcutOption shortcuts;
        private final @Nullable Convolution projection;
        private final int addedChannels;
        private final int stride;

        Block(String name, int in, int out, int stride, ResNetSpec spec) {
            this.stride = stride;
            shortcuts = spec.shortcuts();
            branch = spec.block().kind() == BlockKind.BOTTLENECK
                    ? List.of(
                            new Convolution(name + ".conv1", name + ".bn1", 1),
                            new Convolution(name + ".conv2", name + ".bn2", stride),
                            new Convolution(name + ".conv3", name + ".bn3", 1))
                    : List.of(
                            new Convolution(name + ".conv1", name + ".bn1", stride),
                            new Convolution(name + ".conv2", name + ".bn2", 1));
            boolean same = in == out && stride == 1;
            projection = same || shortcuts != ShortcutOption.B
                    ? null
                    : new Convolution(name + ".downsample.0", name + ".downsample.1", stride);
            addedChannels = out - in;
        }

        Tensor forward(Tensor x) {
            Tensor y = x;
            for (int i = 0; i < branch.size() - 1; i++) {
                y = branch.get(i).forward(y).relu_();
            }
            y = branch.getLast().forward(y);
            return shortcuts == ShortcutOption.NONE
                    ? y.relu_()
                    : y.add_(shortcut(x)).relu_();
        }

        private Tensor shortcut(Tensor x) {
            if (projection != null) {
                return projection.forward(x);
            }
            if (addedChannels == 0) {
                return x;
            }
            Tensor rows = x.slice(2, new LongOptional(), new LongOptional(), stride);
            Tensor subsampled = rows.slice(3, new LongOptional(), new LongOptional(), stride);
            return torch.constant_pad_nd(subsampled, 0, 0, 0, 0, addedChannels / 2, addedChannels - addedChannels / 2);
        }
    }
}
