package org.resnet4j.resnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.BatchNorm2d.Activation;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorSource;

/**
 * A residual network that can be trained: stem, stages of {@linkplain ResidualBlock blocks}, global average pooling and a
 * linear layer.
 *
 * <p><b>Shapes.</b> Images {@code [N, H, W, inChannels]} of any size that the stem can take, scores
 * {@code [N, classes]}. Names of parameters are torchvision's; with pre-activation timm's.
 */
public final class ResNet implements Network {
    /** Gates begin nearly closed; the second paper's best choice for both kinds. */
    private static final float FIRST_GATE_BIAS = -6;

    private final ResNetSpec spec;
    private final Conv2d stem;
    private final Sequential body;
    private final Linear classifier;

    private ResNet(ResNetSpec spec) {
        this.spec = spec;
        Naming naming = Naming.of(spec.order());
        int channels = spec.stemWidth();
        var layers = new ArrayList<Layer>();
        String first = spec.firstConvolution();
        stem = switch (spec.stem()) {
            case SMALL_IMAGE -> Conv2d.same(first, spec.inChannels(), channels, 3, 1);
            case IMAGENET -> Conv2d.same(first, spec.inChannels(), channels, 7, 2);
            case DEEP -> {
                int half = channels / 2;
                String name = naming.stem();
                layers.add(new BatchNorm2d(name + ".1", half, Activation.RELU));
                layers.add(Conv2d.same(name + ".3", half, half, 3, 1));
                layers.add(new BatchNorm2d(name + ".4", half, Activation.RELU));
                layers.add(Conv2d.same(name + ".6", half, channels, 3, 1));
                yield Conv2d.same(first, spec.inChannels(), half, 3, 2);
            }
        };
        boolean pre = spec.order() == ActivationOrder.PRE;
        if (!pre) {
            layers.add(
                    spec.order() == ActivationOrder.WITHOUT_NORM
                            ? new Bias2d(first, channels, Activation.RELU)
                            : new BatchNorm2d("bn1", channels, Activation.RELU));
        }
        if (spec.stem() != Stem.SMALL_IMAGE) {
            layers.add(new MaxPool2d("maxpool", 3, 2, 1));
        }
        int blocks = spec.depths().stream().mapToInt(Integer::intValue).sum();
        int number = 0;
        boolean pools = spec.transition() == Transition.POOL;
        for (int stage = 0; stage < spec.depths().size(); stage++) {
            int outChannels = spec.widths().get(stage) * spec.block().expansion();
            if (pools) {
                layers.addAll(transition(naming.transition(stage), channels, outChannels));
                channels = outChannels;
            }
            for (int index = 0; index < spec.depths().get(stage); index++) {
                int stride = stage > 0 && index == 0 && !pools ? 2 : 1;
                var place = new ResidualBlock.Place(stage, number++, blocks);
                layers.add(ResidualBlock.of(spec, naming.block(stage, index), channels, place, stride));
                channels = outChannels;
            }
        }
        switch (spec.order()) {
            case PRE -> layers.add(new BatchNorm2d(naming.lastNorm(), channels, Activation.RELU));
            case RELU_ONLY_PRE -> layers.add(new Relu("relu"));
            case POST, NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, WITHOUT_NORM -> {
                // The last block has its own ReLU.
            }
        }
        if (spec.lastPool() > 1) {
            layers.add(new MaxPool2d("lastpool", spec.lastPool(), spec.lastPool(), 0));
        }
        layers.add(new GlobalAveragePool("avgpool"));
        body = new Sequential("body", layers);
        classifier = pre
                ? Linear.pointwise(spec.classifier(), channels, spec.classes())
                : new Linear(spec.classifier(), channels, spec.classes());
    }

    /** More channels by a convolution, and half of the rows and columns by pooling. */
    private static List<Layer> transition(String name, int inChannels, int outChannels) {
        return List.of(
                Conv2d.same(name + ".0", inChannels, outChannels, 3, 1),
                new BatchNorm2d(name + ".1", outChannels, Activation.RELU),
                new MaxPool2d(name + ".pool", 2, 2, 0));
    }

    /**
     * A network with its first weights, drawn from the seed: the same seed gives the same bits.
     */
    public static ResNet create(ResNetSpec spec, long seed) {
        ResNet network = undrawn(spec);
        Initialization.draw(network.parameters(), seed);
        for (ResidualBlock block : network.blocks()) {
            if (spec.zeroInitResidual()) {
                Arrays.fill(block.lastNorm().scale().value().array(), 0f);
            }
            if (block.sum() instanceof GatedSum gated) {
                Arrays.fill(gated.bias().value().array(), FIRST_GATE_BIAS);
            }
        }
        return network;
    }

    /**
     * A network whose weights were not drawn, in a fraction of the time of {@link #create}: convolutions and the linear layer
     * are zeros, normalisations do nothing. To be filled by {@link #load(TensorSource)}, or to be described.
     */
    public static ResNet undrawn(ResNetSpec spec) {
        return new ResNet(spec);
    }

    /** What the network is. */
    public ResNetSpec spec() {
        return spec;
    }

    /** The first convolution. */
    public Conv2d stem() {
        return stem;
    }

    /** Everything between the first convolution and the linear layer, the blocks among it. */
    public Sequential body() {
        return body;
    }

    /** The linear layer. */
    public Linear classifier() {
        return classifier;
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
        Gradient gradient = Gradient.of(tape.workspace().share(logitsGradient));
        gradient = classifier.backward(gradient, tape);
        gradient = body.backward(gradient, tape);
        stem.backwardWeights(gradient, tape);
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
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    @Override
    public void describe(Shape images, Consumer<LayerSummary> lines) {
        stem.describe(images, lines);
        Shape first = stem.outputShape(images);
        body.describe(first, lines);
        classifier.describe(body.outputShape(first), lines);
    }

    /**
     * Returns the smallest batch that can be trained: normalization needs two values of a channel, which one image does not have
     * where it has been reduced to one pixel.
     *
     * @param imageSize rows and columns of the images
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network cannot take such images
     */
    public int smallestBatch(int imageSize) {
        var smallest = new AtomicInteger(1);
        describe(Shape.of(1, imageSize, imageSize, spec.inChannels()), line -> {
            Shape shape = line.outputShape();
            if (line.kind().startsWith(BatchNorm2d.KIND) && shape.extent(1) * shape.extent(2) == 1) {
                smallest.set(2);
            }
        });
        return smallest.get();
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
     * Copies into the network every tensor whose name and shape fit, and tells what did not. Names are torchvision's or
     * timm's, or one of the usual others, with or without the prefix of a wrapper. Counters of batches, which
     * PyTorch keeps beside the running statistics, mean nothing here and are passed over.
     */
    public LoadReport load(StateDict state) {
        try {
            return load((TensorSource) state);
        } catch (IOException impossible) {
            throw new UncheckedIOException("tensors in memory could not be read", impossible);
        }
    }

    /**
     * Reads into the network, one after the other, every tensor whose name and shape fit, and tells what did not:
     * what {@link #match} told. Beside the network this needs memory for some output channels of a convolution alone.
     *
     * @throws IOException if a tensor cannot be read; the network then has some of the weights
     */
    public LoadReport load(TensorSource source) throws IOException {
        LoadReport report = match(source);
        read(source, report, true);
        return report;
    }

    /**
     * A network over a source, for a single use such as compiling a plan: small tensors are read now, those of the
     * convolutions and of the linear layer each time they are asked for, and are not kept. The source must stay open so
     * long; {@link java.io.UncheckedIOException} is thrown by {@link Parameter#value} where it then cannot be read.
     *
     * @throws IllegalArgumentException if the source lacks a tensor, has one of another shape, or one that the network has no
     *     use for
     * @throws IOException if a tensor cannot be read
     */
    public static ResNet over(ResNetSpec spec, TensorSource source) throws IOException {
        ResNet network = undrawn(spec);
        LoadReport report = network.match(source);
        if (!report.isExact()) {
            throw new IllegalArgumentException(
                    "these are not the weights of " + spec.name() + ": " + report.problems());
        }
        network.read(source, report, false);
        var reader = new ValueReader(source, report, network.largestBlock());
        for (Parameter parameter : network.parameters()) {
            if (!StateLayout.isSame(parameter)) {
                parameter.takeValueFrom(target -> reader.read(parameter, target));
            }
        }
        return network;
    }

    private int largestBlock() {
        return parameters().stream().mapToInt(StateLayout::blockLength).max().orElse(0);
    }

    /** Reads what fits, in the order of the source; large tensors, which have to be moved, only if asked for. */
    private void read(TensorSource source, LoadReport report, boolean large) throws IOException {
        var wanted = new HashSet<>(report.applied());
        var buffersByName = new HashMap<String, StateBuffer>();
        buffers().forEach(buffer -> buffersByName.put(buffer.name(), buffer));
        var parametersByName = new HashMap<String, Parameter>();
        parameters().forEach(parameter -> parametersByName.put(parameter.name(), parameter));
        float[] block = new float[large ? largestBlock() : 0];
        Map<String, String> ours = report.renamedFrom();
        for (String theirs : source.shapes().keySet()) {
            String name = ours.getOrDefault(theirs, theirs);
            if (!wanted.contains(name) || !report.nameInFile(name).equals(theirs)) {
                continue;
            }
            StateBuffer buffer = buffersByName.get(name);
            Parameter parameter = parametersByName.get(name);
            if (buffer != null) {
                source.read(theirs, 0, buffer.value().size(), buffer.value().array());
            } else if (parameter != null && (large || StateLayout.isSame(parameter))) {
                StateLayout.read(
                        (start, count, target) -> source.read(theirs, start, count, target),
                        parameter,
                        block,
                        parameter.value().array());
            }
        }
    }

    /** Tells what {@link #load(TensorSource)} would do, by names and shapes alone: nothing is read. */
    public LoadReport match(TensorSource source) {
        Map<String, Shape> shapes = source.shapes();
        var names = StateNames.of(spec, shapes.keySet());
        var applied = new ArrayList<String>();
        var missing = new ArrayList<String>();
        var mismatched = new ArrayList<LoadReport.Mismatch>();
        var renamed = new LinkedHashMap<String, String>();
        var used = new HashSet<String>();
        fileShapes().forEach((name, shape) -> {
            String theirs = names.inFile(name);
            Shape found = theirs == null ? null : shapes.get(theirs);
            if (theirs == null || found == null) {
                missing.add(name);
                return;
            }
            used.add(theirs);
            if (!theirs.equals(name)) {
                renamed.put(name, theirs);
            }
            if (isSame(found, shape)) {
                applied.add(name);
            } else {
                mismatched.add(new LoadReport.Mismatch(name, theirs, found, shape));
            }
        });
        var unused = new ArrayList<String>();
        var classifiers = new ArrayList<String>();
        var harmless = new ArrayList<String>();
        shapes.forEach((name, shape) -> {
            if (used.contains(name) || HarmlessNames.isCounter(name)) {
                return;
            }
            String inner = names.withoutRoot(name);
            boolean matters = !HarmlessNames.contains(inner, shape, spec.features(), spec.classes());
            boolean head = names.isClassifier(name) || HarmlessNames.isHead(inner);
            (!matters ? harmless : head ? classifiers : unused).add(name);
        });
        List<String> networks = names.roots().size() > 1 ? names.roots() : List.of();
        return new LoadReport(applied, missing, unused, mismatched, classifiers, harmless, networks, renamed);
    }

    /**
     * The same network for as many classes and channels of images as a file of weights has them for.
     *
     * @param source with the names that {@link #load(TensorSource)} knows
     */
    public static ResNetSpec fitting(ResNetSpec spec, TensorSource source) {
        var names = StateNames.of(spec, source.shapes().keySet());
        ResNetSpec fitting = spec;
        Shape classes = shape(source, names.inFile(spec.classifier() + ".weight"));
        if (classes != null && classes.rank() >= 2 && classes.size() > 0 && classes.extent(1) == spec.features()) {
            fitting = fitting.withClasses(classes.extent(0));
        }
        Shape channels = shape(source, names.inFile(spec.firstConvolution() + ".weight"));
        if (channels != null && channels.rank() == 4 && channels.size() > 0) {
            fitting = fitting.withImages(spec.imageSize(), channels.extent(1));
        }
        return fitting;
    }

    private static @Nullable Shape shape(TensorSource source, @Nullable String name) {
        return name == null ? null : source.shapes().get(name);
    }

    /** A matrix and a 1x1 convolution have the same elements in the same order. */
    private static boolean isSame(Shape found, Shape expected) {
        return found.equals(expected) || withoutWindow(found).equals(withoutWindow(expected));
    }

    private static Shape withoutWindow(Shape shape) {
        return shape.rank() == 4 && shape.extent(2) == 1 && shape.extent(3) == 1
                ? Shape.of(shape.extent(0), shape.extent(1))
                : shape;
    }

    private Map<String, Shape> fileShapes() {
        var shapes = new LinkedHashMap<String, Shape>();
        parameters().forEach(parameter -> shapes.put(parameter.name(), StateLayout.fileShape(parameter)));
        buffers().forEach(buffer -> shapes.put(buffer.name(), buffer.value().shape()));
        return shapes;
    }
}
