package org.resnet4j.resnet.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorSource;

/**
 * Copies and loads the state of a network, which is its parameters and running statistics. Names and layouts are
 * torchvision's; with pre-activation, timm's.
 *
 * @since 0.1.0
 */
public final class ResNetState {
    private ResNetState() {}

    /** Copies the state of a network. */
    public static StateDict stateDict(ResNet network) {
        var state = new StateDict();
        new NetworkSource(network).forEach(state::put);
        return state;
    }

    /**
     * Returns the state of a network as a source, for a single use such as writing a file. A tensor is copied when it is
     * read, so that only one copy at a time needs memory; the network must not change meanwhile. For one thread.
     */
    public static TensorSource source(ResNet network) {
        return new NetworkSource(network);
    }

    /**
     * Copies the state of a network with torchvision's names under the names of Hugging Face transformers.
     */
    public static StateDict forTransformers(ResNet network) {
        var renamed = new StateDict();
        String classifier = network.spec().classifier() + ".";
        stateDict(network)
                .tensors()
                .forEach((name, tensor) -> renamed.put(
                        name.startsWith(classifier)
                                ? TransformersNames.CLASSIFIER + name.substring(classifier.length())
                                : TransformersNames.ROOT + TransformersNames.theirs(name),
                        tensor));
        return renamed;
    }

    /**
     * Returns the report of {@link #load(ResNet, TensorSource)} by comparing names and shapes, without reading tensors.
     */
    public static LoadReport match(ResNet network, TensorSource source) {
        return new StateMatch(network, source.shapes()).report();
    }

    /**
     * Copies into a network every tensor whose name and shape match. Names may be those of torchvision and timm or
     * other common ones, with or without the prefix of a wrapper. PyTorch's counters of batches are ignored. The bias of
     * a classifier without one is zero.
     */
    public static LoadReport load(ResNet network, StateDict state) {
        try {
            return load(network, (TensorSource) state);
        } catch (IOException impossible) {
            throw new UncheckedIOException("tensors in memory could not be read", impossible);
        }
    }

    /**
     * Reads into a network every tensor whose name and shape match, one after the other. In addition to the network,
     * this needs memory for a few output channels of a convolution.
     *
     * @return the same report as {@link #match}
     * @throws IOException if a tensor cannot be read; some of the weights have then been loaded
     */
    public static LoadReport load(ResNet network, TensorSource source) throws IOException {
        LoadReport report = match(network, source);
        read(network, source, report, true);
        return report;
    }

    /**
     * Returns a network that reads its weights from a source on demand, for a single use such as compiling a plan.
     * Small tensors are read immediately, those of convolutions and of the linear layer by each
     * {@link Parameter#copyValueTo}. The source must stay open until then. {@link UncheckedIOException} is thrown if
     * such a tensor cannot be read.
     *
     * @throws IllegalArgumentException if the source lacks a tensor, or contains one of another shape or one that the
     *     network does not use
     * @throws IOException if a tensor cannot be read
     */
    public static ResNet over(ResNetSpec spec, TensorSource source) throws IOException {
        ResNet network = ResNet.undrawn(spec);
        LoadReport report = match(network, source);
        if (!report.isExact()) {
            throw new IllegalArgumentException(
                    "these are not the weights of " + spec.name() + ": " + report.problems());
        }
        read(network, source, report, false);
        var reader = new ValueReader(source, report, largestBlock(network));
        for (Parameter parameter : network.parameters()) {
            if (!StateLayout.isSame(parameter)) {
                parameter.takeValueFrom(target -> reader.read(parameter, target));
            }
        }
        return network;
    }

    private static int largestBlock(ResNet network) {
        return network.parameters().stream()
                .mapToInt(StateLayout::blockLength)
                .max()
                .orElse(0);
    }

    /**
     * Reads the matching tensors in the order of the source. Tensors whose layout differs from that of files are read
     * only if {@code large} is true.
     */
    private static void read(ResNet network, TensorSource source, LoadReport report, boolean large) throws IOException {
        var wanted = new HashSet<>(report.applied());
        var buffersByName = new HashMap<String, StateBuffer>();
        network.buffers().forEach(buffer -> buffersByName.put(buffer.name(), buffer));
        var parametersByName = new HashMap<String, Parameter>();
        network.parameters().forEach(parameter -> parametersByName.put(parameter.name(), parameter));
        float[] block = new float[large ? largestBlock(network) : 0];
        Parameter bias = parametersByName.get(network.spec().classifier() + ".bias");
        if (bias != null && report.lacksBias(network.spec().classifier(), source)) {
            Arrays.fill(bias.value().array(), 0);
        }
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
}
