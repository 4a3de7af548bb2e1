package org.resnet4j.model.quantized;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.inference.int8.ByteScale;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;
import org.resnet4j.weights.TensorSource;

/**
 * An open weights file of a quantized network. As a source of tensors it is the network in float32 again: weights times
 * their scales, and normalizations that add the bias and change nothing else. Any number of threads may read.
 */
public final class QuantizedFile implements TensorFile, Quantized {
    private static final int HIGHEST = 255;

    /** The weights that are read at once, unless an output channel has more. */
    private static final int BLOCK = 1 << 16;

    private final Path path;
    private final TensorFile file;
    private final List<Node> nodes;

    /** The tensors of the network in float32. */
    private final Map<String, View> views = new LinkedHashMap<>();

    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    /** A tensor of the network in float32. */
    private sealed interface View {
        /**
         * A tensor of the file.
         *
         * @param name the name in the file
         */
        record Stored(String name) implements View {}

        /**
         * Weights of 8 bits.
         *
         * @param scales the scale of each output channel
         */
        record Scaled(float[] scales) implements View {}

        /** The same number everywhere. */
        record Constant(float number) implements View {}
    }

    private QuantizedFile(Path path, TensorFile file, ResNetSpec spec) {
        this.path = path;
        this.file = file;
        this.nodes = QuantizedNames.nodes(spec);
    }

    /** Returns true if a source has quantized weights. */
    public static boolean isQuantized(TensorSource tensors) {
        return tensors.shapes().keySet().stream().anyMatch(QuantizedNames::isWeightScale);
    }

    /**
     * Checks a file; its weights are not read yet.
     *
     * @param path the name for messages
     * @param file the open file, which this closes
     * @throws MalformedFileException if tensors are missing, have other shapes than those of the network, or are no
     *     scales or zero points
     * @throws IOException if the file cannot be read
     */
    public static QuantizedFile of(Path path, TensorFile file, ResNetSpec spec) throws IOException {
        var quantized = new QuantizedFile(path, file, spec);
        quantized.describe();
        return quantized;
    }

    private void describe() throws IOException {
        file.shapes().forEach((name, shape) -> put(name, shape, new View.Stored(name)));
        scale(QuantizedNames.INPUT);
        forget(QuantizedNames.INPUT);
        for (Node node : nodes) {
            for (String value : values(node)) {
                scale(value);
                forget(value);
            }
            if (isQuantized(node)) {
                describe(node);
            }
        }
    }

    /** Returns the names of a node's values in bytes: its result, and its branch if the file has a scale for it. */
    private List<String> values(Node node) {
        String branch = Quantization.branch(node.name());
        boolean hasBranch = node.epilogue().adds() && file.shapes().containsKey(QuantizedNames.scale(branch));
        return !QuantizedNames.hasScale(node)
                ? List.of()
                : hasBranch ? List.of(node.name(), branch) : List.of(node.name());
    }

    private void put(String name, Shape shape, View view) {
        views.put(name, view);
        shapes.put(name, shape);
    }

    private void forget(String value) {
        for (String name : List.of(QuantizedNames.scale(value), QuantizedNames.zeroPoint(value))) {
            views.remove(name);
            shapes.remove(name);
        }
    }

    private boolean isQuantized(Node node) {
        return file.shapes().containsKey(QuantizedNames.weightScale(node));
    }

    private void describe(Node node) throws IOException {
        String weight = QuantizedNames.weight(node)
                .orElseThrow(() -> malformed(node.name() + " has no weights that could be quantized"))
                .name();
        int out = node.shape().extent(node.shape().rank() - 1);
        float[] scales = read(QuantizedNames.weightScale(node), Shape.of(out));
        for (int k = 0; k < out; k++) {
            if (!(scales[k] > 0) || Float.isInfinite(scales[k])) {
                throw malformed(QuantizedNames.weightScale(node) + "[" + k + "] is " + scales[k]
                        + ", which is not a scale: a positive number");
            }
        }
        String bias = QuantizedNames.bias(node);
        finite(bias, read(bias, Shape.of(out)));
        Shape shape = file.shapes().get(weight);
        if (shape == null) {
            throw malformed("there is no tensor " + weight);
        }
        put(weight, shape, new View.Scaled(scales));
        views.remove(QuantizedNames.weightScale(node));
        shapes.remove(QuantizedNames.weightScale(node));
        Operation.BatchNormalization norm = QuantizedNames.norm(node);
        if (norm != null) {
            // The factor of a normalization is gamma / sqrt(variance + epsilon).
            put(norm.scale().name(), Shape.of(out), new View.Constant((float) Math.sqrt(1.0 + norm.epsilon())));
            put(norm.shift().name(), Shape.of(out), new View.Stored(bias));
            put(norm.mean().name(), Shape.of(out), new View.Constant(0));
            put(norm.variance().name(), Shape.of(out), new View.Constant(1));
            views.remove(bias);
            shapes.remove(bias);
        } else if (node.operation() instanceof Operation.Convolution
                && node.epilogue().affine() == null) {
            views.remove(bias);
            shapes.remove(bias);
        }
    }

    private void finite(String name, float[] numbers) throws MalformedFileException {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw malformed(name + "[" + i + "] is " + numbers[i]);
            }
        }
    }

    private MalformedFileException malformed(String reason) {
        return new MalformedFileException(path, reason);
    }

    private float[] read(String name, Shape expected) throws IOException {
        Shape shape = file.shapes().get(name);
        if (shape == null) {
            throw malformed("there is no tensor " + name);
        }
        if (!shape.equals(expected)) {
            throw malformed(name + " has the shape " + shape + ", expected " + expected);
        }
        var numbers = new float[shape.size()];
        file.read(name, 0, numbers.length, numbers);
        return numbers;
    }

    private ByteScale scale(String value) throws IOException {
        float scale = read(QuantizedNames.scale(value), Shape.of(1))[0];
        float zeroPoint = read(QuantizedNames.zeroPoint(value), Shape.of(1))[0];
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw malformed(QuantizedNames.scale(value) + " is " + scale + ", which is not a scale: a positive number");
        }
        if (zeroPoint != (int) zeroPoint || zeroPoint < 0 || zeroPoint > HIGHEST) {
            throw malformed(QuantizedNames.zeroPoint(value) + " is " + zeroPoint
                    + ", which is not a zero point: an integer from 0 to 255");
        }
        return new ByteScale(scale, (int) zeroPoint);
    }

    /**
     * {@inheritDoc}
     *
     * @throws MalformedFileException if weights are not integers of 8 bits
     * @throws IOException if the file cannot be read
     */
    @Override
    public Quantization quantization() throws IOException {
        Quantization open = openQuantization();
        try {
            return new Quantization(open.images(), open.values(), open.weights());
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /**
     * Reads the quantization without the weights. Those of each layer are read when they are needed, and the file has to
     * be open then.
     *
     * @throws IOException if the file cannot be read
     */
    @Override
    public Quantization openQuantization() throws IOException {
        var values = new HashMap<String, ByteScale>();
        var layers = new HashMap<String, Node>();
        for (Node node : nodes) {
            for (String value : values(node)) {
                values.put(value, scale(value));
            }
            if (isQuantized(node)) {
                layers.put(node.name(), node);
            }
        }
        return new Quantization(
                scale(QuantizedNames.INPUT),
                values,
                layers.keySet(),
                name -> weights(Objects.requireNonNull(layers.get(name), name)));
    }

    /** Reads weights, a few output channels at a time, into the order of the kernels. */
    private synchronized QuantizedWeights weights(Node node) throws IOException {
        String name = QuantizedNames.weight(node).orElseThrow().name();
        Shape shape = file.shapes().get(name);
        if (shape == null) {
            throw malformed("there is no tensor " + name);
        }
        int out = shape.extent(0);
        int in = shape.extent(1);
        int places = shape.size() / out / in;
        int row = in * places;
        var w = new byte[shape.size()];
        var block = new float[Math.max(BLOCK / row, 1) * row];
        for (int start = 0; start < w.length; start += block.length) {
            int count = Math.min(block.length, w.length - start);
            file.read(name, start, count, block);
            for (int i = 0; i < count; i++) {
                if (block[i] != (byte) block[i]) {
                    throw malformed(
                            name + "[" + (start + i) + "] is " + block[i] + ", which is not an integer of 8 bits");
                }
            }
            int first = start / row;
            for (int c = 0; c < in; c++) {
                for (int place = 0; place < places; place++) {
                    int to = (place * in + c) * out + first;
                    for (int k = 0; k < count / row; k++) {
                        w[to + k] = (byte) block[k * row + c * places + place];
                    }
                }
            }
        }
        Shape channels = Shape.of(out);
        return new QuantizedWeights(
                w, read(QuantizedNames.weightScale(node), channels), read(QuantizedNames.bias(node), channels));
    }

    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public synchronized void read(String name, int start, int count, float[] target) throws IOException {
        View view = views.get(name);
        Shape shape = shapes.get(name);
        if (view == null || shape == null) {
            throw new IllegalArgumentException(path + " has no tensor named " + name);
        }
        switch (view) {
            case View.Stored(String stored) -> file.read(stored, start, count, target);
            case View.Constant(float number) -> Arrays.fill(target, 0, count, number);
            case View.Scaled(float[] scales) -> {
                file.read(name, start, count, target);
                int channel = shape.size() / scales.length;
                for (int i = 0; i < count; i++) {
                    target[i] *= scales[(start + i) / channel];
                }
            }
        }
    }

    @Override
    public List<String> remarks() {
        return file.remarks();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
