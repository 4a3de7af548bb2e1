package org.resnet4j.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jspecify.annotations.Nullable;
import org.resnet4j.benchmarks.Workload;

/** A residual network of libtorch's functions, as torchvision orders them. Tensors are NCHW, stored channels last. */
final class LibtorchNetwork implements AutoCloseable {
    private final List<Pointer> kept = new ArrayList<>();
    private final List<Tensor> parameters = new ArrayList<>();
    private final boolean maxPool;
    private final Convolution stem;
    private final List<Block> blocks = new ArrayList<>();
    private final Tensor fcWeight;
    private final TensorOptional fcBias;

    LibtorchNetwork(Workload workload) {
        maxPool = workload.imageNetStem();
        stem = maxPool
                ? new Convolution(3, workload.firstWidth(), 7, 2)
                : new Convolution(3, workload.firstWidth(), 3, 1);
        int in = workload.firstWidth();
        for (int stage = 0; stage < workload.depths().size(); stage++) {
            for (int block = 0; block < workload.depths().get(stage); block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                blocks.add(new Block(in, workload.width(stage), workload.outChannels(stage), stride, workload));
                in = workload.outChannels(stage);
            }
        }
        double bound = 1 / Math.sqrt(in);
        fcWeight = parameter(torch.randn(workload.classes(), in).mul_(new Scalar(bound)));
        fcBias = keep(new TensorOptional(parameter(torch.zeros(workload.classes()))));
    }

    /** Everything the optimiser changes. */
    List<Tensor> parameters() {
        return parameters;
    }

    /** The logits of a batch. */
    Tensor forward(Tensor images) {
        Tensor x = stem.forward(images).relu_();
        if (maxPool) {
            x = torch.max_pool2d(x, pair(3), pair(2), pair(1), pair(1), false);
        }
        for (Block block : blocks) {
            x = block.forward(x);
        }
        if (!x.is_contiguous(MemoryFormat.ChannelsLast)) {
            throw new IllegalStateException("libtorch left the channels-last format on the way");
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

    /** Holds a native object beyond the pointer scope that it was made in. */
    private <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        kept.add(pointer);
        return pointer;
    }

    private Tensor parameter(Tensor value) {
        Tensor parameter = keep(value);
        parameter.set_requires_grad(true);
        parameters.add(parameter);
        return parameter;
    }

    /** A convolution without bias and its batch normalisation. */
    private final class Convolution {
        private final Tensor weight;
        private final TensorOptional noBias = keep(new TensorOptional());
        private final TensorOptional gamma;
        private final TensorOptional beta;
        private final TensorOptional runningMean;
        private final TensorOptional runningVariance;
        private final int stride;
        private final int padding;

        Convolution(int in, int out, int kernel, int stride) {
            this.stride = stride;
            this.padding = kernel / 2;
            double deviation = Math.sqrt(2.0 / ((double) out * kernel * kernel));
            weight = parameter(torch.randn(out, in, kernel, kernel)
                    .mul_(new Scalar(deviation))
                    .contiguous(MemoryFormat.ChannelsLast));
            gamma = keep(new TensorOptional(parameter(torch.ones(out))));
            beta = keep(new TensorOptional(parameter(torch.zeros(out))));
            runningMean = keep(new TensorOptional(torch.zeros(out)));
            runningVariance = keep(new TensorOptional(torch.ones(out)));
        }

        Tensor forward(Tensor x) {
            Tensor y = torch.conv2d(x, weight, noBias, pair(stride), pair(padding), pair(1), 1);
            if (!weight.is_contiguous(MemoryFormat.ChannelsLast) || !y.is_contiguous(MemoryFormat.ChannelsLast)) {
                throw new IllegalStateException("libtorch convolved outside the channels-last format");
            }
            return torch.batch_norm(y, gamma, beta, runningMean, runningVariance, true, 0.1, 1e-5, false);
        }
    }

    /** A basic or bottleneck block; the stride is on the first 3x3. */
    private final class Block {
        private final List<Convolution> branch;
        private final @Nullable Convolution projection;
        private final int addedChannels;
        private final int stride;

        Block(int in, int width, int out, int stride, Workload workload) {
            this.stride = stride;
            branch = workload.bottleneck()
                    ? List.of(
                            new Convolution(in, width, 1, 1),
                            new Convolution(width, width, 3, stride),
                            new Convolution(width, out, 1, 1))
                    : List.of(new Convolution(in, width, 3, stride), new Convolution(width, out, 3, 1));
            boolean same = in == out && stride == 1;
            projection = same || workload.paddedShortcut() ? null : new Convolution(in, out, 1, stride);
            addedChannels = out - in;
        }

        Tensor forward(Tensor x) {
            Tensor y = x;
            for (int i = 0; i < branch.size() - 1; i++) {
                y = branch.get(i).forward(y).relu_();
            }
            return branch.getLast().forward(y).add_(shortcut(x)).relu_();
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
