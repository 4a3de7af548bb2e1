package org.resnet4j.model.quantized;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.resnet4j.file.AtomicFile.Writer;
import org.resnet4j.file.AtomicFolder;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.inference.int8.ByteScale;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.layer.Parameter;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/**
 * The content of a model folder with a quantized network. Of each quantized layer {@code conv1}, the weights file has the
 * weights {@code conv1.weight} as I8, {@code [out, in, height, width]}, {@code conv1.weight_scale} and
 * {@code conv1.bias}, {@code [out]}, with the normalization folded into them. Of each value it has
 * {@code conv1.output_scale} and {@code conv1.output_zero_point}, {@code [1]}; of the images,
 * {@code input.output_scale} and {@code input.output_zero_point}. Other layers are stored in float32.
 *
 * @param config the description
 * @param weights the tensors
 * @param bytes the names of the tensors that are stored as I8
 */
public record QuantizedFolder(ModelConfig config, SafetensorsFile weights, Set<String> bytes) {
    public QuantizedFolder {
        bytes = Set.copyOf(bytes);
    }

    /**
     * Returns the content for a network.
     *
     * @param config the description of the network
     * @param network the network that was quantized
     */
    public static QuantizedFolder of(ModelConfig config, ResNet network, Quantization quantization) {
        StateDict state = ResNetState.stateDict(network);
        var others = new HashSet<>(state.tensors().keySet());
        var written = new StateDict();
        var bytes = new HashSet<String>();
        Map<String, QuantizedWeights> quantized = quantization.weights();
        for (Node node : QuantizedNames.nodes(config.spec())) {
            QuantizedWeights weights = quantized.get(node.name());
            if (weights != null) {
                Parameter parameter = QuantizedNames.weight(node).orElseThrow();
                put(node, parameter, weights, state, written);
                bytes.add(parameter.name());
                others.removeAll(replaced(node, parameter));
            }
            for (String value : List.of(node.name(), Quantization.branch(node.name()))) {
                ByteScale scale = quantization.values().get(value);
                if (scale != null) {
                    put(value, scale, written);
                }
            }
        }
        put(QuantizedNames.INPUT, quantization.images(), written);
        state.tensors().forEach((name, tensor) -> {
            if (others.contains(name)) {
                written.put(name, tensor);
            }
        });
        return new QuantizedFolder(config.withInt8(true), new SafetensorsFile(written, Map.of("format", "pt")), bytes);
    }

    /**
     * Saves the network. The files are complete and forced to disk before they get their names.
     *
     * @throws IOException if the folder is not writable; it is as before
     */
    public void save(Path folder) throws IOException {
        var files = new LinkedHashMap<String, Writer>();
        files.put("model.safetensors", channel -> weights.write(channel, bytes));
        files.put("config.json", Writer.of(config.toBytes()));
        AtomicFolder.write(folder, files);
    }

    /** Returns the content of {@code config.json}. */
    public byte[] description() {
        return config.toBytes();
    }

    /** Returns the content of {@code model.safetensors}. */
    public byte[] weightBytes() {
        var content = new ByteArrayOutputStream();
        try {
            weights.write(Channels.newChannel(content), bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return content.toByteArray();
    }

    /** Returns the tensors of a network in float32 that quantized weights replace. */
    private static Set<String> replaced(Node node, Parameter weight) {
        Operation.BatchNormalization norm = QuantizedNames.norm(node);
        return norm == null
                ? Set.of(weight.name(), QuantizedNames.bias(node))
                : Set.of(
                        weight.name(),
                        norm.scale().name(),
                        norm.shift().name(),
                        norm.mean().name(),
                        norm.variance().name());
    }

    private static void put(
            Node node, Parameter parameter, QuantizedWeights weights, StateDict state, StateDict written) {
        Tensor like = state.get(parameter.name());
        if (like == null) {
            throw new IllegalArgumentException("the network has no " + parameter.name());
        }
        int out = like.shape().extent(0);
        int in = like.shape().extent(1);
        int places = like.size() / out / in;
        Tensor tensor = Tensor.zeros(like.shape());
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = weights.w()[(i % places * in + i / places % in) * out + i / places / in];
        }
        written.put(parameter.name(), tensor);
        written.put(QuantizedNames.weightScale(node), Tensor.wrap(weights.scales(), Shape.of(out)));
        written.put(QuantizedNames.bias(node), Tensor.wrap(weights.bias(), Shape.of(out)));
    }

    private static void put(String value, ByteScale scale, StateDict written) {
        written.put(QuantizedNames.scale(value), Tensor.wrap(new float[] {scale.scale()}, Shape.of(1)));
        written.put(QuantizedNames.zeroPoint(value), Tensor.wrap(new float[] {scale.zeroPoint()}, Shape.of(1)));
    }
}
