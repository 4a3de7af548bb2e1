package org.resnet4j.onnx.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.DataType;
import org.resnet4j.onnx.read.StoredTensor.Place;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.element.ElementReader;

/**
 * The conversions between real numbers and integers in a graph, in file order. A value in bytes and its real numbers are
 * one value with a scale, and a constant of integers is a tensor with scales, so that no conversion is a step.
 *
 * @see <a href="https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html">QuantizeLinear</a>
 * @see <a href="https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html">DequantizeLinear</a>
 */
final class Conversions {
    /** Operators whose results are some of the bytes that they read. */
    private static final Set<String> PASSING = Set.of("MaxPool", "Flatten", "Reshape", "Squeeze", "Slice");

    private static final Set<DataType> BYTES = Set.of(DataType.UINT8, DataType.INT8);
    private static final Set<DataType> INTEGERS = Set.of(DataType.UINT8, DataType.INT8, DataType.INT32);

    /** Limit of the number of channels. */
    private static final int MAX_SCALES = 1 << 16;

    private final Path path;
    private final Map<String, StoredTensor> tensors;
    private final Map<String, String> same;
    private final ElementReader elements = new ElementReader();

    /** The scales of values in bytes, by the names of the bytes. */
    private final Map<String, StoredScale> bytes = new HashMap<>();

    /** The scales of values in bytes, by the names of the real numbers. */
    private final Map<String, List<StoredScale>> values = new HashMap<>();

    /**
     * @param tensors the constants known so far
     * @param same the originals of copies known so far
     */
    Conversions(Path path, Map<String, StoredTensor> tensors, Map<String, String> same) {
        this.path = path;
        this.tensors = tensors;
        this.same = same;
    }

    /** Returns all scales of each value that has any. */
    Map<String, List<StoredScale>> values() {
        return values;
    }

    /** Adds a conversion; its result becomes a constant, or a copy of what is converted. */
    void add(StoredNode node) throws IOException {
        String source = StoredGraph.resolve(node.input(0), same);
        StoredTensor constant = tensors.get(source);
        if (node.wholes().getOrDefault("block_size", List.of(0L)).getFirst() != 0) {
            throw malformed(node, "blocked quantization is not supported");
        }
        if (ByteNodes.isDequantization(node) && constant != null) {
            tensors.put(node.output(), constant.scaled(scales(node, constant)));
            return;
        }
        if (constant != null) {
            throw malformed(node, "'" + node.input(0) + "' is a constant that is not stored as integers");
        }
        StoredScale written = bytes.get(node.input(0));
        if (ByteNodes.isDequantization(node)) {
            StoredScale scale = scale(node, written == null ? DataType.UINT8 : type(written));
            if (written == null) {
                throw malformed(node, "'" + node.input(0) + "' is not in bytes");
            }
            if (!scale.equals(written)) {
                throw malformed(node, "it reads bytes of the scale " + written + " with the scale " + scale);
            }
        } else {
            if (written != null) {
                throw malformed(node, "'" + node.input(0) + "' is in bytes already");
            }
            StoredScale scale = scale(node, DataType.UINT8);
            bytes.put(node.output(), scale);
            addValue(source, scale);
        }
        same.put(node.output(), source);
    }

    private static DataType type(StoredScale scale) {
        return scale.signed() ? DataType.INT8 : DataType.UINT8;
    }

    private void addValue(String value, StoredScale scale) {
        List<StoredScale> all = values.computeIfAbsent(value, _ -> new ArrayList<>(1));
        if (!all.contains(scale)) {
            all.add(scale);
        }
    }

    /** Follows bytes through a node that changes nothing. */
    void copy(StoredNode node) {
        StoredScale scale = bytes.get(node.input(0));
        if (scale != null) {
            bytes.put(node.output(), scale);
        }
    }

    /** Follows bytes through a step, which has to be one for bytes. */
    void pass(StoredNode step) throws MalformedFileException {
        if (step.inputs().stream().noneMatch(bytes::containsKey)) {
            return;
        }
        StoredScale scale = bytes.get(step.input(0));
        if (scale == null || !PASSING.contains(step.operator())) {
            throw malformed(step, "it reads bytes, without DequantizeLinear");
        }
        bytes.put(step.output(), scale);
        addValue(step.output(), scale);
    }

    /** Checks that the outputs of a graph are real numbers. */
    void checkOutputs(Set<String> outputs) throws MalformedFileException {
        for (String output : outputs) {
            if (bytes.containsKey(output)) {
                throw new MalformedFileException(path, "the output '" + output + "' is in bytes");
            }
        }
    }

    /** Returns the scales of a constant. */
    private StoredTensor.Scales scales(StoredNode node, StoredTensor integers) throws IOException {
        DataType type = DataType.numbered(integers.typeNumber())
                .filter(INTEGERS::contains)
                .orElseThrow(() -> malformed(
                        node,
                        "'" + integers.name() + "' has elements of type " + integers.typeNumber()
                                + ", which are not integers of 8 or 32 bits"));
        float[] steps = steps(node, 1);
        if (!node.input(ByteNodes.SECOND_SCALE).isEmpty()) {
            steps = products(node, steps, steps(node, ByteNodes.SECOND_SCALE));
        }
        int[] zeroPoints = zeroPoints(node, type);
        if (zeroPoints.length != 1 && zeroPoints.length != steps.length) {
            throw malformed(node, zeroPoints.length + " zero points for " + steps.length + " scales");
        }
        List<Long> extents = integers.extents();
        long axis = node.wholes().getOrDefault("axis", List.of(1L)).getFirst();
        axis = axis < 0 ? axis + extents.size() : axis;
        boolean one = steps.length == 1;
        boolean fits = one || (axis >= 0 && axis < extents.size() && extents.get((int) axis) == steps.length);
        if (!fits || integers.scales() != null) {
            throw malformed(node, steps.length + " scales for '" + integers.name() + "' of " + extents);
        }
        long inner = one ? 1 : extents.stream().skip(axis + 1).reduce(1L, Math::multiplyExact);
        return new StoredTensor.Scales(steps, zeroPoints, one ? 0 : (int) axis, Math.toIntExact(Math.max(inner, 1)));
    }

    private float[] products(StoredNode node, float[] ones, float[] others) throws MalformedFileException {
        var products = new float[Math.max(ones.length, others.length)];
        for (int i = 0; i < products.length; i++) {
            products[i] = ones[i % ones.length] * others[i % others.length];
            check(node, products[i], "the product of its scales");
        }
        return products;
    }

    /** Returns the scale of a value in bytes. */
    private StoredScale scale(StoredNode node, DataType usual) throws IOException {
        StoredTensor stored = tensor(node, 2);
        DataType type = stored == null
                ? usual
                : DataType.numbered(stored.typeNumber())
                        .filter(BYTES::contains)
                        .orElseThrow(() -> malformed(
                                node,
                                "its zero point '" + stored.name() + "' has the type " + stored.typeNumber()
                                        + "; values have 8 bits here"));
        float[] steps = steps(node, 1);
        int[] zeroPoints = zeroPoints(node, type);
        if (steps.length != 1 || zeroPoints.length != 1) {
            throw malformed(
                    node,
                    steps.length + " scales and " + zeroPoints.length + " zero points for a value, which has one"
                            + " of each");
        }
        return StoredScale.of(steps[0], zeroPoints[0], type == DataType.INT8);
    }

    private float[] steps(StoredNode node, int input) throws IOException {
        StoredTensor tensor = tensor(node, input);
        if (tensor == null) {
            throw malformed(node, "it has no scale");
        }
        if (DataType.numbered(tensor.typeNumber()).orElse(null) != DataType.FLOAT) {
            throw malformed(node, "its scale '" + tensor.name() + "' is not of type float");
        }
        float[] steps = numbers(node, tensor);
        for (float step : steps) {
            check(node, step, "its scale '" + tensor.name() + "'");
        }
        return steps;
    }

    private void check(StoredNode node, float step, String subject) throws MalformedFileException {
        if (!(step > 0) || Float.isInfinite(step)) {
            throw malformed(node, subject + " is " + step + ", which is not a positive number");
        }
    }

    private int[] zeroPoints(StoredNode node, DataType type) throws IOException {
        StoredTensor tensor = tensor(node, 2);
        if (tensor == null) {
            return new int[1];
        }
        if (tensor.typeNumber() != type.number()) {
            throw malformed(
                    node,
                    "its zero point '" + tensor.name() + "' has the type " + tensor.typeNumber()
                            + " for integers of type " + type.number());
        }
        float[] numbers = numbers(node, tensor);
        var zeroPoints = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            zeroPoints[i] = (int) numbers[i];
            boolean fits = switch (type) {
                case INT8 -> zeroPoints[i] == (byte) zeroPoints[i];
                case UINT8 -> zeroPoints[i] >= 0 && zeroPoints[i] <= StoredScale.HIGHEST;
                default -> zeroPoints[i] == 0;
            };
            if (!fits) {
                throw malformed(node, "its zero point '" + tensor.name() + "' is " + zeroPoints[i]);
            }
        }
        return zeroPoints;
    }

    /** Returns a constant argument; null if the node does not have it. */
    private @Nullable StoredTensor tensor(StoredNode node, int input) throws MalformedFileException {
        String name = StoredGraph.resolve(node.input(input), same);
        StoredTensor tensor = tensors.get(name);
        if (tensor == null && !name.isEmpty()) {
            throw malformed(node, "'" + name + "' is not a constant of the file");
        }
        return tensor;
    }

    private float[] numbers(StoredNode node, StoredTensor tensor) throws IOException {
        long count = tensor.count();
        Place place = tensor.place();
        boolean flat = tensor.extents().size() <= 1;
        if (!flat
                || count < 1
                || count > MAX_SCALES
                || (place == null && tensor.wholes().size() != count)) {
            throw malformed(node, "'" + tensor.name() + "' of " + tensor.extents() + " is not a list of numbers");
        }
        var numbers = new float[(int) count];
        if (place == null) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = tensor.wholes().get(i);
            }
        } else {
            elements.read(
                    place.path(),
                    place.channel(),
                    place.offset(),
                    tensor.type(path).elements(),
                    numbers.length,
                    numbers);
        }
        return numbers;
    }

    private MalformedFileException malformed(StoredNode node, String reason) {
        return new MalformedFileException(path, node.position(), node + ": " + reason);
    }
}
