package org.resnet4j.onnx.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.onnx.proto.Weights;
import org.resnet4j.onnx.proto.WholeNumbers;
import org.resnet4j.tensor.Shape;

/**
 * Finds the steps of a network in a file's graph, from the images to the scores: by what the steps compute and how they hang
 * together, never by their names. For each tensor of the network's state dict it then knows where the file has it.
 *
 * <p>The network's own graph is {@code NetworkGraph}'s. Where a value has several users that would do, what follows them
 * decides: of the two convolutions at the beginning of a block, one is followed by ReLU, the shortcut's by the sum.
 *
 * <p>Exporters write some steps otherwise: a convolution with the normalisation behind it folded into its weights and a bias;
 * a mean over rows and columns for the pooling; matrix product and addition, or a 1x1 convolution, for the linear layer.
 */
public final class GraphMatch {
    private static final String CONVOLUTION = "Conv";
    private static final String NORMALIZATION = "BatchNormalization";
    private static final String POOLING = "GlobalAveragePool";
    private static final String MEAN = "ReduceMean";

    /** Pooling, flattening and the linear layer, which {@link #head} finds. */
    private static final int HEAD_NODES = 3;

    private static final Set<String> RESHAPING = Set.of("Flatten", "Reshape", "Squeeze");
    private static final Set<String> BEHIND_SCORES = Set.of("Flatten", "Reshape", "Squeeze", "Softmax");
    private static final List<Long> ROWS_AND_COLUMNS = List.of(2L, 3L);

    /** What a slice to the end says, at least. */
    private static final long FAR = Integer.MAX_VALUE;

    private final StoredGraph file;
    private final GraphProto network;
    private final Shape features;
    private final Map<String, TensorProto> constants;
    private final Map<String, List<NodeProto>> users = new HashMap<>();

    /** The file's values by the network's. */
    private final Map<String, String> values = new HashMap<>();

    private final SequencedMap<String, Binding> bindings = new LinkedHashMap<>();

    /** Steps of the file that were found; each stands for one of the network's. */
    private final Set<StoredNode> used = new HashSet<>();

    private int steps;

    private GraphMatch(StoredGraph file, GraphProto network, Shape features) {
        this.file = file;
        this.network = network;
        this.features = features;
        this.constants = network.initializers().stream().collect(Collectors.toMap(TensorProto::name, tensor -> tensor));
        for (NodeProto node : network.nodes()) {
            for (String input : new HashSet<>(node.inputs())) {
                users.computeIfAbsent(input, _ -> new ArrayList<>()).add(node);
            }
        }
    }

    /**
     * Where the file has each tensor of a network's state dict.
     *
     * @param network the graph of a network; its number of classes and of the images' channels do not matter
     * @param features what is pooled, {@code [1, H, W, C]}, for images of the size that the file says
     * @throws GraphMismatchException if the file's graph is another
     * @throws IOException if a constant cannot be read
     */
    public static SequencedMap<String, Binding> of(StoredGraph file, GraphProto network, Shape features)
            throws GraphMismatchException, IOException {
        var match = new GraphMatch(file, network, features);
        match.run();
        return Collections.unmodifiableSequencedMap(match.bindings);
    }

    private void run() throws GraphMismatchException, IOException {
        values.put(network.inputs().getFirst().name(), file.input());
        List<NodeProto> nodes = network.nodes();
        for (NodeProto node : nodes.subList(0, nodes.size() - HEAD_NODES)) {
            // A normalisation is found together with the convolution that it is folded into.
            if (!values.containsKey(output(node))) {
                step(node);
            }
            steps++;
        }
        head(nodes.subList(nodes.size() - HEAD_NODES, nodes.size()));
    }

    private void step(NodeProto node) throws GraphMismatchException, IOException {
        switch (node.operator()) {
            case CONVOLUTION -> convolution(node);
            case NORMALIZATION -> normalization(node);
            case "Add", "Mul" -> join(node);
            case "Slice" -> slice(node);
            case "Pad" -> pad(node);
            default -> found(node, find(node, candidate -> difference(node, candidate)));
        }
    }

    private void found(NodeProto node, StoredNode step) {
        used.add(step);
        values.put(output(node), step.output());
    }

    /** Why a step of the file is not the one that is looked for; null if it is. */
    private interface Comparison {
        @Nullable
        String difference(StoredNode candidate) throws IOException;
    }

    /** The user of the node's first input that computes the same. */
    private StoredNode find(NodeProto node, Comparison comparison) throws GraphMismatchException, IOException {
        String value = value(node, 0);
        String reason = "nothing follows '" + value + "'";
        long position = 0;
        boolean near = false;
        for (StoredNode candidate : file.consumers(value)) {
            if (used.contains(candidate)) {
                continue;
            }
            boolean ofKind = isOfKind(candidate, node);
            String difference = ofKind ? comparison.difference(candidate) : "it is followed by " + candidate;
            if (difference == null) {
                return candidate;
            }
            if (!near) {
                reason = difference;
                position = candidate.position();
                near = ofKind;
            }
        }
        throw mismatch(node, position, reason);
    }

    private GraphMismatchException mismatch(NodeProto node, long position, String reason) {
        return new GraphMismatchException(
                position, steps, "step " + node.name() + " (" + node.operator() + ") is not found: " + reason);
    }

    private static boolean isOfKind(StoredNode candidate, NodeProto node) {
        String operator = candidate.operator();
        return canonical(operator).equals(node.operator())
                || (operator.equals("AveragePool") && node.operator().equals(POOLING));
    }

    private static String canonical(String operator) {
        return switch (operator) {
            case MEAN -> POOLING;
            case "Sum" -> "Add";
            default -> operator;
        };
    }

    /** The file's value for a node's input. */
    private String value(NodeProto node, int input) {
        String value = values.get(node.inputs().get(input));
        if (value == null) {
            throw new IllegalStateException(
                    node.name() + " comes before its input " + node.inputs().get(input));
        }
        return value;
    }

    private static String output(NodeProto node) {
        return node.outputs().getFirst();
    }

    private @Nullable String difference(NodeProto node, StoredNode candidate) throws IOException {
        return switch (node.operator()) {
            case "Relu", "Sigmoid", "Neg" -> null;
            case POOLING -> isPooling(candidate, true) ? null : "it is no mean over rows and columns";
            case "MaxPool" -> {
                String window = windowDifference(node, candidate, wholes(node, "kernel_shape", List.of()));
                yield window == null
                                && candidate
                                                .wholes()
                                                .getOrDefault("ceil_mode", List.of(0L))
                                                .getFirst()
                                        != 0
                        ? candidate + " rounds up"
                        : window;
            }
            case "AveragePool" -> windowDifference(node, candidate, wholes(node, "kernel_shape", List.of()));
            default -> "such steps are not looked for";
        };
    }

    private static List<Long> wholes(NodeProto node, String name, List<Long> otherwise) {
        for (AttributeProto attribute : node.attributes()) {
            if (attribute.name().equals(name)) {
                return switch (attribute) {
                    case AttributeProto.Whole whole -> List.of(whole.value());
                    case AttributeProto.Wholes several -> several.values();
                    case AttributeProto.Real _ -> otherwise;
                };
            }
        }
        return otherwise;
    }

    /** Compares windows, which convolution and pooling have. */
    private static @Nullable String windowDifference(NodeProto node, StoredNode candidate, List<Long> kernel) {
        String automatic = candidate.texts().getOrDefault("auto_pad", "NOTSET");
        if (!automatic.equals("NOTSET") && !automatic.equals("VALID")) {
            return candidate + " has auto_pad " + automatic + ", which pads otherwise than PyTorch";
        }
        List<Long> ones = List.of(1L, 1L);
        List<Long> zeros = List.of(0L, 0L, 0L, 0L);
        var kinds = Map.of("kernel_shape", kernel, "strides", ones, "pads", zeros, "dilations", ones);
        for (Map.Entry<String, List<Long>> kind : kinds.entrySet()) {
            List<Long> expected = wholes(node, kind.getKey(), kind.getValue());
            List<Long> actual = candidate.wholes().getOrDefault(kind.getKey(), kind.getValue());
            if (!expected.equals(actual)) {
                return candidate + " has " + kind.getKey() + " " + actual + " instead of " + expected;
            }
        }
        return null;
    }

    private boolean isPooling(StoredNode candidate, boolean keepsAxes) throws IOException {
        if (candidate.operator().equals(POOLING)) {
            return true;
        }
        if (!candidate.operator().equals(MEAN)) {
            return false;
        }
        List<Long> axes = candidate.wholes().get("axes");
        if (axes == null) {
            axes = numbers(candidate.input(1));
        }
        boolean both = axes != null
                && axes.stream()
                        .map(axis -> axis < 0 ? axis + 4 : axis)
                        .sorted()
                        .toList()
                        .equals(ROWS_AND_COLUMNS);
        boolean keeps = candidate.wholes().getOrDefault("keepdims", List.of(1L)).getFirst() == 1;
        return both && (keeps || !keepsAxes);
    }

    /** The elements of a small constant; null if the value is none. */
    private @Nullable List<Long> numbers(String value) throws IOException {
        StoredTensor tensor = file.tensors().get(value);
        return tensor == null ? null : StoredNumbers.read(file.path(), tensor);
    }

    private void convolution(NodeProto node) throws GraphMismatchException, IOException {
        Set<String> behind = behind(output(node));
        StoredNode step = find(node, candidate -> {
            String difference = convolutionDifference(node, candidate);
            Set<String> found = behindInFile(candidate.output());
            return difference != null || found.equals(behind)
                    ? difference
                    : candidate + " is followed by " + found + " instead of " + behind;
        });
        bind(node.inputs().get(1), stored(step.input(1)), false, 0);
        String bias = step.input(2);
        if (node.inputs().size() > 2) {
            bindOrFill(node.inputs().get(2), bias);
        }
        found(node, step);
        NodeProto norm = onlyUser(output(node), NORMALIZATION);
        if (norm != null && !isFollowedBy(step, NORMALIZATION)) {
            fold(norm, bias);
            found(norm, step);
        } else if (node.inputs().size() == 2 && !bias.isEmpty()) {
            throw mismatch(node, step.position(), step + " has a bias, which no convolution of the network has");
        }
    }

    private boolean isFollowedBy(StoredNode step, String operator) {
        return file.consumers(step.output()).stream()
                .anyMatch(next -> next.operator().equals(operator));
    }

    private @Nullable String convolutionDifference(NodeProto node, StoredNode candidate) {
        StoredTensor weight = file.tensors().get(candidate.input(1));
        if (weight == null) {
            return "the weights of " + candidate + " are no constant";
        }
        List<Long> expected = new ArrayList<>(extents(node.inputs().get(1)));
        boolean sees =
                node.inputs().getFirst().equals(network.inputs().getFirst().name());
        if (sees && weight.extents().size() == expected.size()) {
            expected.set(1, weight.extents().get(1)); // any number of the images' channels
        }
        if (!expected.equals(weight.extents())) {
            return candidate + " has weights of " + weight.extents() + " instead of " + expected;
        }
        List<Long> groups = wholes(node, "group", List.of(1L));
        if (!groups.equals(candidate.wholes().getOrDefault("group", List.of(1L)))) {
            return candidate + " has " + candidate.wholes().get("group") + " groups instead of " + groups;
        }
        return windowDifference(node, candidate, expected.subList(2, expected.size()));
    }

    private List<Long> extents(String constant) {
        TensorProto tensor = constants.get(constant);
        if (tensor == null) {
            throw new IllegalStateException("the network has no constant " + constant);
        }
        return tensor.extents();
    }

    /** What uses a value of the network, through normalisations. */
    private Set<String> behind(String value) {
        var operators = new HashSet<String>();
        for (NodeProto user : users.getOrDefault(value, List.of())) {
            if (user.operator().equals(NORMALIZATION)) {
                operators.addAll(behind(output(user)));
            } else {
                operators.add(canonical(user.operator()));
            }
        }
        return operators;
    }

    private Set<String> behindInFile(String value) {
        var operators = new HashSet<String>();
        for (StoredNode user : file.consumers(value)) {
            if (user.operator().equals(NORMALIZATION)) {
                file.consumers(user.output()).forEach(next -> operators.add(canonical(next.operator())));
            } else {
                operators.add(canonical(user.operator()));
            }
        }
        return operators;
    }

    private @Nullable NodeProto onlyUser(String value, String operator) {
        List<NodeProto> all = users.getOrDefault(value, List.of());
        return all.size() == 1 && all.getFirst().operator().equals(operator) ? all.getFirst() : null;
    }

    /** A normalisation whose scale is in the convolution's weights: what is left is to add the bias. */
    private void fold(NodeProto norm, String bias) throws GraphMismatchException {
        List<String> names = norm.inputs();
        fill(names.get(1), 1);
        bindOrFill(names.get(2), bias);
        fill(names.get(3), 0);
        fill(names.get(4), 1 - epsilon(norm));
    }

    private static float epsilon(NodeProto norm) {
        for (AttributeProto attribute : norm.attributes()) {
            if (attribute instanceof AttributeProto.Real real && real.name().equals("epsilon")) {
                return real.value();
            }
        }
        throw new IllegalStateException(norm.name() + " has no epsilon");
    }

    private void normalization(NodeProto node) throws GraphMismatchException, IOException {
        StoredNode step = find(node, candidate -> null);
        float epsilon = step.reals().getOrDefault("epsilon", 1e-5f);
        List<String> names = node.inputs();
        for (int i = 1; i < names.size(); i++) {
            boolean variance = i == names.size() - 1;
            bind(names.get(i), stored(step.input(i)), false, variance ? epsilon - epsilon(node) : 0);
        }
        found(node, step);
    }

    /** A sum or a product of two values, in either order. */
    private void join(NodeProto node) throws GraphMismatchException, IOException {
        TensorProto constant = constants.get(node.inputs().getLast());
        if (constant != null) {
            float factor = Weights.single(constant);
            found(node, find(node, candidate -> factorDifference(candidate, value(node, 0), factor)));
            return;
        }
        var both = new HashSet<>(List.of(value(node, 0), value(node, 1)));
        found(
                node,
                find(
                        node,
                        candidate -> candidate.inputs().size() == 2 && both.equals(new HashSet<>(candidate.inputs()))
                                ? null
                                : candidate + " is of other values"));
    }

    private @Nullable String factorDifference(StoredNode candidate, String value, float factor) throws IOException {
        StoredTensor other =
                file.tensors().get(candidate.input(candidate.input(0).equals(value) ? 1 : 0));
        Float found = other == null ? null : StoredNumbers.readReal(file.path(), other);
        return found != null && found == factor
                ? null
                : candidate + " multiplies by " + (found == null ? "no constant" : found) + " instead of " + factor;
    }

    /** Every second pixel; files may take rows and columns one after the other. */
    private void slice(NodeProto node) throws GraphMismatchException, IOException {
        List<Long> wanted = WholeNumbers.of(node, 4, constants);
        var taken = new ArrayList<>(List.of(1L, 1L));
        StoredNode step = find(node, this::sliceDifference);
        take(step, taken);
        while (!taken.equals(wanted)) {
            List<StoredNode> next = file.consumers(step.output());
            if (next.size() != 1 || !next.getFirst().operator().equals("Slice") || !used.add(step)) {
                throw mismatch(node, step.position(), step + " takes every " + taken + ". pixel instead of " + wanted);
            }
            step = next.getFirst();
            String difference = sliceDifference(step);
            if (difference != null) {
                throw mismatch(node, step.position(), difference);
            }
            take(step, taken);
        }
        found(node, step);
    }

    private @Nullable String sliceDifference(StoredNode step) throws IOException {
        List<Long> starts = numbers(step.input(1));
        List<Long> ends = numbers(step.input(2));
        List<Long> axes = numbers(step.input(3));
        List<Long> strides = numbers(step.input(4));
        if (starts == null || ends == null || axes == null || axes.size() != starts.size()) {
            return step + " does not say by constants what it takes";
        }
        boolean whole = starts.stream().allMatch(start -> start == 0)
                && ends.stream().allMatch(end -> end >= FAR)
                && (strides == null || strides.size() == axes.size());
        return whole ? null : step + " takes a part";
    }

    private void take(StoredNode step, List<Long> taken) throws IOException {
        List<Long> axes = numbers(step.input(3));
        List<Long> strides = numbers(step.input(4));
        for (int i = 0; axes != null && strides != null && i < axes.size(); i++) {
            long axis = (axes.get(i) < 0 ? axes.get(i) + 4 : axes.get(i)) - 2;
            if (axis == 0 || axis == 1) {
                taken.set((int) axis, taken.get((int) axis) * strides.get(i));
            }
        }
    }

    private void pad(NodeProto node) throws GraphMismatchException, IOException {
        List<Long> wanted = WholeNumbers.of(node, 1, constants);
        found(node, find(node, candidate -> {
            List<Long> pads = candidate.wholes().get("pads");
            if (pads == null) {
                pads = numbers(candidate.input(1));
            }
            if (pads == null) {
                return candidate + " does not say by a constant how much it pads";
            }
            boolean zeros = candidate.texts().getOrDefault("mode", "constant").equals("constant");
            return zeros && wanted.equals(pads) ? null : candidate + " pads by " + pads + " instead of " + wanted;
        }));
    }

    /** Pooling, the linear layer, and what may stand between and behind. */
    private void head(List<NodeProto> nodes) throws GraphMismatchException, IOException {
        NodeProto pooling = nodes.getFirst();
        NodeProto linear = nodes.getLast();
        StoredNode pooled = find(pooling, this::poolingDifference);
        StoredNode product = next(linear, pooled, RESHAPING);
        String weight = product.input(1);
        String bias = product.input(2);
        boolean transposed = false;
        StoredNode last = product;
        switch (product.operator()) {
            case "Gemm" -> {
                transposed =
                        product.wholes().getOrDefault("transB", List.of(0L)).getFirst() == 0;
                boolean plain = product.reals().getOrDefault("alpha", 1f) == 1
                        && product.reals().getOrDefault("beta", 1f) == 1
                        && product.wholes().getOrDefault("transA", List.of(0L)).getFirst() == 0;
                if (!plain) {
                    throw mismatch(linear, product.position(), product + " has factors or a transposed input");
                }
            }
            case "MatMul" -> {
                transposed = true;
                List<StoredNode> next = file.consumers(product.output());
                if (next.size() == 1 && next.getFirst().operator().equals("Add")) {
                    last = next.getFirst();
                    bias = last.input(last.input(0).equals(product.output()) ? 1 : 0);
                }
            }
            case CONVOLUTION -> {
                String difference = windowDifference(linear, product, List.of(1L, 1L));
                if (difference != null) {
                    throw mismatch(linear, product.position(), difference);
                }
            }
            default -> throw mismatch(linear, product.position(), "there is " + product + " in its place");
        }
        classifier(linear, product, weight, bias, transposed);
        ends(linear, last);
    }

    /** A mean of everything, or of a window that is everything. */
    private @Nullable String poolingDifference(StoredNode candidate) throws IOException {
        if (!candidate.operator().equals("AveragePool")) {
            return isPooling(candidate, false) ? null : candidate + " is no mean over rows and columns";
        }
        List<Long> everything = List.of((long) features.extent(1), (long) features.extent(2));
        boolean pads =
                candidate.wholes().getOrDefault("pads", List.of()).stream().anyMatch(pad -> pad != 0);
        return !pads && everything.equals(candidate.wholes().get("kernel_shape"))
                ? null
                : candidate + " takes windows of " + candidate.wholes().get("kernel_shape") + " of " + everything;
    }

    /** What follows behind steps that only change the shape. */
    private StoredNode next(NodeProto node, StoredNode first, Set<String> passed) throws GraphMismatchException {
        StoredNode step = first;
        for (int i = 0; i <= passed.size(); i++) {
            List<StoredNode> next = file.consumers(step.output());
            if (next.size() != 1) {
                throw mismatch(node, step.position(), step + " is followed by " + next.size() + " steps");
            }
            step = next.getFirst();
            if (!passed.contains(step.operator())) {
                return step;
            }
        }
        throw mismatch(node, step.position(), "too many changes of the shape");
    }

    private void classifier(NodeProto linear, StoredNode product, String weight, String bias, boolean transposed)
            throws GraphMismatchException {
        StoredTensor matrix = file.tensors().get(weight);
        long features = extents(linear.inputs().get(1)).get(1);
        int rank = matrix == null ? 0 : matrix.extents().size();
        if (matrix == null || rank < 2 || matrix.extents().get(transposed ? 0 : 1) != features) {
            throw mismatch(
                    linear,
                    product.position(),
                    product + " has weights of " + (matrix == null ? "no constant" : matrix.extents()) + " for "
                            + features + " features");
        }
        boolean pixelwise = rank == 4 && matrix.count() == matrix.extents().getFirst() * features;
        long classes = matrix.extents().get(transposed ? 1 : 0);
        if ((rank != 2 && !pixelwise) || classes < 1) {
            throw mismatch(linear, product.position(), product + " has weights of " + matrix.extents());
        }
        Shape shape = Shape.of((int) classes, (int) features);
        bindings.put(linear.inputs().get(1), new Binding.Stored(shape, matrix, transposed, 0));
        Shape biasShape = Shape.of((int) classes);
        StoredTensor offsets = file.tensors().get(bias);
        if (bias.isEmpty()) {
            bindings.put(linear.inputs().get(2), new Binding.Uniform(biasShape, 0));
        } else if (offsets != null && offsets.extents().equals(List.of(classes))) {
            bindings.put(linear.inputs().get(2), new Binding.Stored(biasShape, offsets, false, 0));
        } else {
            throw mismatch(linear, product.position(), "its bias '" + bias + "' is no constant of " + classes);
        }
    }

    /** The scores must be what the graph gives, as they are or as probabilities. */
    private void ends(NodeProto linear, StoredNode last) throws GraphMismatchException {
        StoredNode step = last;
        for (int i = 0; i <= BEHIND_SCORES.size(); i++) {
            if (file.outputs().contains(step.output())) {
                return;
            }
            step = next(linear, step, Set.of());
            if (!BEHIND_SCORES.contains(step.operator())) {
                throw mismatch(linear, step.position(), "it is followed by " + step);
            }
        }
        throw mismatch(linear, step.position(), "too many steps follow");
    }

    private StoredTensor stored(String value) throws GraphMismatchException {
        StoredTensor tensor = file.tensors().get(value);
        if (tensor == null) {
            throw new GraphMismatchException(0, steps, "'" + value + "' is no constant of the file");
        }
        return tensor;
    }

    private void bind(String name, StoredTensor tensor, boolean transposed, float added) throws GraphMismatchException {
        List<Long> extents = tensor.extents();
        List<Long> expected = extents(name);
        boolean fits = extents.size() == expected.size();
        for (int axis = 0; fits && axis < extents.size(); axis++) {
            // The second axis of the first convolution is of the images' channels, and was looked at before.
            fits = extents.get(axis).equals(expected.get(axis)) || (axis == 1 && extents.size() == 4);
        }
        if (!fits) {
            throw new GraphMismatchException(
                    tensor.position(),
                    steps,
                    "tensor '" + tensor.name() + "' of " + extents + " stands for " + name + " of " + expected);
        }
        bindings.put(name, new Binding.Stored(shape(extents), tensor, transposed, added));
    }

    private void bindOrFill(String name, String value) throws GraphMismatchException {
        if (value.isEmpty()) {
            fill(name, 0);
        } else {
            bind(name, stored(value), false, 0);
        }
    }

    private void fill(String name, float value) {
        bindings.put(name, new Binding.Uniform(shape(extents(name)), value));
    }

    private static Shape shape(List<Long> extents) {
        return Shape.of(extents.stream().mapToInt(Math::toIntExact).toArray());
    }
}
