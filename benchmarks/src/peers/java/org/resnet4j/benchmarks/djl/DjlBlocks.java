package org.resnet4j.benchmarks.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.resnet4j.benchmarks.Workload;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/** A network of DJL's blocks, built as in its model zoo; the stride is on the 3x3 convolution. */
final class DjlBlocks {
    private static final Map<String, String> NORMALIZATION =
            Map.of("gamma", "weight", "beta", "bias", "runningMean", "running_mean", "runningVar", "running_var");

    private final StateDict state;
    private final List<Named> named = new ArrayList<>();

    private DjlBlocks(StateDict state) {
        this.state = state;
    }

    /** A block and the layer of the state dict that its parameters come from. */
    private record Named(Block block, String layer) {}

    /** Builds the network and copies the weights. */
    static Block build(ResNetSpec spec, StateDict state, int batch, NDManager manager) {
        var blocks = new DjlBlocks(state);
        Block network = blocks.network(spec);
        network.initialize(
                manager, DataType.FLOAT32, new Shape(batch, spec.inChannels(), spec.imageSize(), spec.imageSize()));
        blocks.copyWeights();
        return network;
    }

    private Block network(ResNetSpec spec) {
        Workload.checkFirstPaper(spec);
        boolean photographs = spec.stem().kind() == Stem.IMAGENET;
        int channels = spec.stages().widths().getFirst();
        var network = new SequentialBlock();
        addConvolution(network, "conv1", "bn1", channels, photographs ? 7 : 3, photographs ? 2 : 1);
        network.add(Activation.reluBlock());
        if (photographs) {
            network.add(Pool.maxPool2dBlock(new Shape(3, 3), new Shape(2, 2), new Shape(1, 1)));
        }
        for (int stage = 0; stage < spec.stages().depths().size(); stage++) {
            for (int index = 0; index < spec.stages().depths().get(stage); index++) {
                String name = "layer" + (stage + 1) + "." + index;
                int width = spec.stages().widths().get(stage);
                int out = width * spec.block().kind().expansion();
                int stride = stage > 0 && index == 0 ? 2 : 1;
                Block branch = branch(name, spec.block().kind(), width, out, stride);
                if (spec.shortcuts() == ShortcutOption.NONE) {
                    network.add(branch).add(Activation.reluBlock());
                } else {
                    network.add(new ParallelBlock(
                            DjlBlocks::sum, List.of(branch, shortcut(name, spec, channels, out, stride))));
                }
                channels = out;
            }
        }
        network.add(Pool.globalAvgPool2dBlock());
        network.add(Blocks.batchFlattenBlock());
        network.add(keep(Linear.builder().setUnits(spec.classes()).build(), "fc"));
        return network;
    }

    private Block branch(String name, BlockKind kind, int width, int out, int stride) {
        var branch = new SequentialBlock();
        if (kind == BlockKind.BOTTLENECK) {
            addConvolution(branch, name + ".conv1", name + ".bn1", width, 1, 1);
            branch.add(Activation.reluBlock());
            addConvolution(branch, name + ".conv2", name + ".bn2", width, 3, stride);
            branch.add(Activation.reluBlock());
            addConvolution(branch, name + ".conv3", name + ".bn3", out, 1, 1);
        } else {
            addConvolution(branch, name + ".conv1", name + ".bn1", width, 3, stride);
            branch.add(Activation.reluBlock());
            addConvolution(branch, name + ".conv2", name + ".bn2", out, 3, 1);
        }
        return branch;
    }

    private Block shortcut(String name, ResNetSpec spec, int in, int out, int stride) {
        if (in == out && stride == 1) {
            return Blocks.identityBlock();
        }
        if (spec.shortcuts() == ShortcutOption.A) {
            int added = out - in;
            var padding = new Shape(0, 0, 0, 0, added / 2, added - added / 2);
            String pixels = ":, :, ::" + stride + ", ::" + stride;
            return LambdaBlock.singleton(x -> x.get(pixels).pad(padding, 0));
        }
        var projection = new SequentialBlock();
        addConvolution(projection, name + ".downsample.0", name + ".downsample.1", out, 1, stride);
        return projection;
    }

    private static NDList sum(List<NDList> parts) {
        NDArray branch = parts.get(0).singletonOrThrow();
        NDArray shortcut = parts.get(1).singletonOrThrow();
        return new NDList(Activation.relu(branch.addi(shortcut)));
    }

    private void addConvolution(
            SequentialBlock to, String layer, String normalization, int out, int kernel, int stride) {
        Block convolution = Conv2d.builder()
                .setFilters(out)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(false)
                .build();
        to.add(keep(convolution, layer));
        to.add(keep(BatchNorm.builder().build(), normalization));
    }

    private Block keep(Block block, String layer) {
        named.add(new Named(block, layer));
        return block;
    }

    private void copyWeights() {
        for (Named one : named) {
            for (Parameter parameter : one.block().getParameters().values()) {
                String suffix = NORMALIZATION.getOrDefault(parameter.getName(), parameter.getName());
                Tensor value = state.get(one.layer() + "." + suffix);
                if (value == null || value.size() != parameter.getShape().size()) {
                    throw new IllegalStateException("no weights " + one.layer() + "." + suffix + " for "
                            + parameter.getName() + " " + parameter.getShape());
                }
                parameter.getArray().set(value.copy().array());
            }
        }
    }
}
