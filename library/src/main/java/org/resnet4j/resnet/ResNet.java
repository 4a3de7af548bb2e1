package org.resnet4j.resnet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/**
 * A residual network that can be trained: stem, stages of {@linkplain ResidualBlock blocks}, global average pooling and a
 * linear layer.
 *
 * <p><b>Shapes.</b> Images {@code [N, H, W, inChannels]} of any size that the stem can take, scores
 * {@code [N, classes]}. Names of parameters are torchvision's.
 */
public final class ResNet implements Network {
    private final ResNetSpec spec;
    private final Conv2d stem;
    private final Sequential body;
    private final Linear classifier;

    private ResNet(ResNetSpec spec) {
        this.spec = spec;
        int channels = spec.widths().getFirst();
        boolean photographs = spec.stem() == Stem.IMAGENET;
        stem = Conv2d.same("conv1", spec.inChannels(), channels, photographs ? 7 : 3, photographs ? 2 : 1);
        var layers = new ArrayList<Layer>();
        layers.add(new BatchNorm2d("bn1", channels, BatchNorm2d.Activation.RELU));
        if (photographs) {
            layers.add(new MaxPool2d("maxpool", 3, 2, 1));
        }
        for (int stage = 0; stage < spec.depths().size(); stage++) {
            for (int index = 0; index < spec.depths().get(stage); index++) {
                int stride = stage > 0 && index == 0 ? 2 : 1;
                ResidualBlock block = block(
                        "layer" + (stage + 1) + "." + index,
                        channels,
                        spec.widths().get(stage),
                        stride);
                layers.add(block);
                channels = spec.widths().get(stage) * spec.block().expansion();
            }
        }
        layers.add(new GlobalAveragePool("avgpool"));
        body = new Sequential("body", layers);
        classifier = new Linear("fc", channels, spec.classes());
    }

    private ResidualBlock block(String name, int inChannels, int width, int stride) {
        int outChannels = width * spec.block().expansion();
        Shortcut shortcut = spec.shortcuts().shortcut(name + ".downsample", inChannels, outChannels, stride);
        return switch (spec.block()) {
            case BASIC -> ResidualBlock.basic(name, inChannels, width, stride, shortcut);
            case BOTTLENECK ->
                ResidualBlock.bottleneck(name, inChannels, width, stride, spec.stridePlacement(), shortcut);
        };
    }

    /**
     * A network with its first weights, drawn from the seed: the same seed gives the same bits.
     */
    public static ResNet create(ResNetSpec spec, long seed) {
        var network = new ResNet(spec);
        Initialization.draw(network.parameters(), seed);
        if (spec.zeroInitResidual()) {
            network.blocks().forEach(block -> {
                float[] gamma = block.lastNorm().scale().value().array();
                Arrays.fill(gamma, 0f);
            });
        }
        return network;
    }

    /** What the network is. */
    public ResNetSpec spec() {
        return spec;
    }

    /** The residual blocks, from the images to the scores. */
    public List<ResidualBlock> blocks() {
        return body.layers().stream()
                .filter(ResidualBlock.class::isInstance)
                .map(ResidualBlock.class::cast)
                .toList();
    }

    @Override
    public int classes() {
        return spec.classes();
    }

    @Override
    public Tensor forward(Tensor images, Tape tape) {
        return classifier.forward(body.forward(stem.forward(images, tape), tape), tape);
    }

    @Override
    public void backward(Tensor logitsGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor features = classifier.backward(logitsGradient, tape);
        Tensor first = body.backward(features, tape);
        workspace.release(features);
        stem.backwardWeights(first, tape);
        workspace.release(first);
    }

    @Override
    public Tensor predict(Tensor images, Workspace workspace) {
        Tensor features = features(images, workspace);
        Tensor logits = classifier.predict(features, workspace);
        workspace.release(features);
        return logits;
    }

    /** What the linear layer sees, {@code [N, features]}: an image as a vector. Belongs to the caller. */
    public Tensor features(Tensor images, Workspace workspace) {
        Tensor first = stem.predict(images, workspace);
        Tensor features = body.predict(first, workspace);
        workspace.release(first);
        return features;
    }

    @Override
    public List<Parameter> parameters() {
        var all = new ArrayList<>(stem.parameters());
        all.addAll(body.parameters());
        all.addAll(classifier.parameters());
        return all;
    }

    @Override
    public List<StateBuffer> buffers() {
        return body.buffers();
    }

    /** How many trainable numbers. */
    public long parameterCount() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.value().size())
                .sum();
    }

    @Override
    public void describe(Shape images, Consumer<LayerSummary> lines) {
        stem.describe(images, lines);
        Shape first = stem.outputShape(images);
        body.describe(first, lines);
        classifier.describe(body.outputShape(first), lines);
    }

    /** A copy of everything learned, with the names and layouts of torchvision. */
    public StateDict stateDict() {
        var state = new StateDict();
        var buffers = new ArrayDeque<>(buffers());
        for (Parameter parameter : parameters()) {
            state.put(parameter.name(), StateLayout.toFile(parameter));
            if (parameter.role() == Parameter.Role.NORM_SHIFT) {
                putNext(buffers, state);
                putNext(buffers, state);
            }
        }
        return state;
    }

    /** Running mean and variance come behind gamma and beta of the same layer. */
    private static void putNext(Deque<StateBuffer> buffers, StateDict state) {
        StateBuffer buffer = buffers.remove();
        state.put(buffer.name(), buffer.value().copy());
    }

    /**
     * Copies into the network every tensor whose name and shape fit, and tells what did not. Counters of batches, which
     * PyTorch keeps beside the running statistics, mean nothing here and are passed over.
     */
    public LoadReport load(StateDict state) {
        var applied = new ArrayList<String>();
        var missing = new ArrayList<String>();
        var mismatched = new ArrayList<String>();
        for (Parameter parameter : parameters()) {
            Tensor tensor = state.get(parameter.name());
            Shape shape = StateLayout.fileShape(parameter);
            if (tensor == null) {
                missing.add(parameter.name());
            } else if (fits(parameter.name(), tensor, shape, applied, mismatched)) {
                StateLayout.fromFile(tensor, parameter);
            }
        }
        for (StateBuffer buffer : buffers()) {
            Tensor tensor = state.get(buffer.name());
            if (tensor == null) {
                missing.add(buffer.name());
            } else if (fits(buffer.name(), tensor, buffer.value().shape(), applied, mismatched)) {
                System.arraycopy(tensor.array(), 0, buffer.value().array(), 0, tensor.size());
            }
        }
        var unused = state.tensors().keySet().stream()
                .filter(name -> !name.endsWith(".num_batches_tracked"))
                .filter(name -> !applied.contains(name))
                .filter(name -> mismatched.stream().noneMatch(line -> line.startsWith(name + " ")))
                .toList();
        return new LoadReport(applied, missing, unused, mismatched);
    }

    private static boolean fits(
            String name, Tensor tensor, Shape shape, List<String> applied, List<String> mismatched) {
        if (!tensor.shape().equals(shape)) {
            mismatched.add(name + " " + tensor.shape() + " instead of " + shape);
            return false;
        }
        applied.add(name);
        return true;
    }
}
