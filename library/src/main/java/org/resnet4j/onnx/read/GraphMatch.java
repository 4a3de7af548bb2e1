package org.resnet4j.onnx.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.AttributeProto;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.onnx.proto.TensorProto;
import org.resnet4j.onnx.proto.Weights;
import org.resnet4j.onnx.proto.WholeNumbers;
import org.resnet4j.tensor.Shape;

/**
 * Finds the steps of a network in a file's graph, from the images to the logits: by what the steps compute and how they
 * are connected, never by their names. The result locates each tensor of the network's state dict in the file.
 *
 * <p>The network's own graph is that of {@code NetworkGraph}. If several users of a value match, the steps that follow
 * them decide: of the two convolutions at the beginning of a block, one is followed by ReLU, that of the shortcut by
 * the sum.
 *
 * <p>Exporters write some steps differently: a convolution with the following normalization folded into its weights and
 * a bias; a mean over rows and columns for the pooling; a matrix product and an addition, or a 1x1 convolution, for the
 * linear layer.
 */
public final class GraphMatch {
    private static final String CONVOLUTION = "Conv";
    private static final String RELU = "Relu";
    private static final String NORMALIZATION = "BatchNormalization";

    /** Pooling, flattening and the linear layer, which {@link HeadMatch} finds. */
    private static final int HEAD_NODES = 3;

    /** The smallest end of a slice that extends to the end of the axis. */
    private static final long FAR = Integer.MAX_VALUE;

    private final Correspondence found;
    private final StoredGraph file;
    private final GraphProto network;
    private final Map<String, List<NodeProto>> users = new HashMap<>();

    private GraphMatch(StoredGraph file, GraphProto network) {
        this.found = new Correspondence(file, network);
        this.file = file;
        this.network = network;
        for (NodeProto node : network.nodes()) {
            for (String input : new HashSet<>(node.inputs())) {
                users.computeIfAbsent(input, _ -> new ArrayList<>()).add(node);
            }
        }
    }

    /**
     * A network in a file.
     *
     * @param bindings the file's tensors by the names of the network's state dict
     * @param values the file's values by the names of the network's
     */
    public record Matched(SequencedMap<String, Binding> bindings, Map<String, String> values) {}

    /**
     * Finds the tensors of a network's state dict in a file.
     *
     * @param network the graph of a network; its numbers of classes and image channels do not matter
     * @param features the input of the pooling, {@code [1, H, W, C]}, for images of the size in the file
     * @throws GraphMismatchException if the file's graph is not the network's
     * @throws IOException if a constant cannot be read
     */
    public static Matched of(StoredGraph file, GraphProto network, Shape features)
            throws GraphMismatchException, IOException {
        var match = new GraphMatch(file, network);
        List<NodeProto> nodes = network.nodes();
        int head = nodes.size() - HEAD_NODES;
        match.match(nodes.subList(0, head));
        new HeadMatch(match.found, features).match(nodes.subList(head, nodes.size()));
        return new Matched(match.found.bindings(), match.found.values());
    }

    private void match(List<NodeProto> nodes) throws GraphMismatchException, IOException {
        for (NodeProto node : nodes) {
            // A normalization is matched together with the convolution that it is folded into.
            if (!found.has(node)) {
                step(node);
            }
            found.next();
        }
    }

    private void step(NodeProto node) throws GraphMismatchException, IOException {
        switch (node.operator()) {
            case CONVOLUTION -> convolution(node);
            case NORMALIZATION -> normalization(node);
            case "Add", "Mul" -> join(node);
            case "Slice" -> slice(node);
            case "Pad" -> pad(node);
            case RELU -> relu(node);
            default -> found.found(node, found.find(node, candidate -> difference(node, candidate)));
        }
    }

    private @Nullable String difference(NodeProto node, StoredNode candidate) throws IOException {
        return switch (node.operator()) {
            case RELU, "Sigmoid", "Neg" -> null;
            case StepComparison.POOLING ->
                found.isPooling(candidate, true) ? null : "it is not a mean over rows and columns";
            case "MaxPool" -> {
                String window = StepComparison.windowDifference(
                        node, candidate, StepComparison.wholes(node, "kernel_shape", List.of()));
                yield window == null
                                && candidate
                                                .wholes()
                                                .getOrDefault("ceil_mode", List.of(0L))
                                                .getFirst()
                                        != 0
                        ? candidate + " rounds up"
                        : window;
            }
            case "AveragePool" ->
                StepComparison.windowDifference(
                        node, candidate, StepComparison.wholes(node, "kernel_shape", List.of()));
            default -> "such steps are not looked for";
        };
    }

    /** Matches ReLU, which may be left out where a value in bytes cannot be below zero. */
    private void relu(NodeProto node) throws GraphMismatchException, IOException {
        String value = found.value(node, 0);
        boolean isStep =
                file.consumers(value).stream().anyMatch(step -> step.operator().equals(RELU));
        if (!isStep && file.isRectified(value)) {
            found.stands(Correspondence.output(node), value);
        } else {
            found.found(node, found.find(node, candidate -> difference(node, candidate)));
        }
    }

    private void convolution(NodeProto node) throws GraphMismatchException, IOException {
        Set<String> behind = behind(Correspondence.output(node), Set.of(NORMALIZATION));
        Set<String> behindRelu = behind(Correspondence.output(node), Set.of(NORMALIZATION, RELU));
        StoredNode step = found.find(node, candidate -> {
            String difference = convolutionDifference(node, candidate);
            Set<String> next = behindInFile(candidate.output());
            boolean fits = next.equals(behind) || (next.equals(behindRelu) && isRectified(candidate.output()));
            return difference != null || fits
                    ? difference
                    : candidate + " is followed by " + next + " instead of " + behind;
        });
        found.bind(node.inputs().get(1), found.stored(step.input(1)), false, 0);
        String bias = step.input(2);
        if (node.inputs().size() > 2) {
            found.bindOrFill(node.inputs().get(2), bias);
        }
        found.found(node, step);
        NodeProto norm = onlyUser(Correspondence.output(node), NORMALIZATION);
        if (norm != null && !isFollowedBy(step, NORMALIZATION)) {
            fold(norm, bias);
            found.found(norm, step);
        } else if (node.inputs().size() == 2 && !bias.isEmpty()) {
            throw found.mismatch(node, step.position(), step + " has a bias, which no convolution of the network has");
        }
    }

    private boolean isFollowedBy(StoredNode step, String operator) {
        return file.consumers(step.output()).stream()
                .anyMatch(next -> next.operator().equals(operator));
    }

    private @Nullable String convolutionDifference(NodeProto node, StoredNode candidate) {
        StoredTensor weight = file.tensors().get(candidate.input(1));
        if (weight == null) {
            return "the weights of " + candidate + " are not a constant";
        }
        List<Long> expected = new ArrayList<>(found.extents(node.inputs().get(1)));
        boolean sees =
                node.inputs().getFirst().equals(network.inputs().getFirst().name());
        if (sees && weight.extents().size() == expected.size()) {
            expected.set(1, weight.extents().get(1)); // any number of the images' channels
        }
        if (!expected.equals(weight.extents())) {
            return candidate + " has weights of " + weight.extents() + " instead of " + expected;
        }
        List<Long> groups = StepComparison.wholes(node, "group", List.of(1L));
        if (!groups.equals(candidate.wholes().getOrDefault("group", List.of(1L)))) {
            return candidate + " has " + candidate.wholes().get("group") + " groups instead of " + groups;
        }
        return StepComparison.windowDifference(node, candidate, expected.subList(2, expected.size()));
    }

    /** Returns the operators that use a value of the network, looking through some. */
    private Set<String> behind(String value, Set<String> passed) {
        var operators = new HashSet<String>();
        for (NodeProto user : users.getOrDefault(value, List.of())) {
            if (passed.contains(user.operator())) {
                operators.addAll(behind(Correspondence.output(user), passed));
            } else {
                operators.add(StepComparison.canonical(user.operator()));
            }
        }
        return operators;
    }

    private Set<String> behindInFile(String value) {
        var operators = new HashSet<String>();
        for (StoredNode user : file.consumers(value)) {
            if (user.operator().equals(NORMALIZATION)) {
                file.consumers(user.output()).forEach(next -> operators.add(StepComparison.canonical(next.operator())));
            } else {
                operators.add(StepComparison.canonical(user.operator()));
            }
        }
        return operators;
    }

    /** Returns true if a value, or its normalization, is in bytes that cannot be below zero. */
    private boolean isRectified(String value) {
        return file.isRectified(value)
                || file.consumers(value).stream()
                        .anyMatch(step -> step.operator().equals(NORMALIZATION) && file.isRectified(step.output()));
    }

    private @Nullable NodeProto onlyUser(String value, String operator) {
        List<NodeProto> all = users.getOrDefault(value, List.of());
        return all.size() == 1 && all.getFirst().operator().equals(operator) ? all.getFirst() : null;
    }

    /**
     * Binds a normalization whose scale is folded into the convolution's weights; only the bias remains to be added.
     */
    private void fold(NodeProto norm, String bias) throws GraphMismatchException {
        List<String> names = norm.inputs();
        found.fill(names.get(1), 1);
        found.bindOrFill(names.get(2), bias);
        found.fill(names.get(3), 0);
        found.fill(names.get(4), 1 - epsilon(norm));
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
        StoredNode step = found.find(node, candidate -> null);
        float epsilon = step.reals().getOrDefault("epsilon", 1e-5f);
        List<String> names = node.inputs();
        for (int i = 1; i < names.size(); i++) {
            boolean variance = i == names.size() - 1;
            found.bind(names.get(i), found.stored(step.input(i)), false, variance ? epsilon - epsilon(node) : 0);
        }
        found.found(node, step);
    }

    /** Matches a sum or a product of two values, in either order. */
    private void join(NodeProto node) throws GraphMismatchException, IOException {
        TensorProto constant = found.constants().get(node.inputs().getLast());
        if (constant != null) {
            float factor = Weights.single(constant);
            found.found(node, found.find(node, candidate -> factorDifference(candidate, found.value(node, 0), factor)));
            return;
        }
        var both = new HashSet<>(List.of(found.value(node, 0), found.value(node, 1)));
        found.found(
                node,
                found.find(
                        node,
                        candidate -> candidate.inputs().size() == 2 && both.equals(new HashSet<>(candidate.inputs()))
                                ? null
                                : candidate + " has other inputs"));
    }

    private @Nullable String factorDifference(StoredNode candidate, String value, float factor) throws IOException {
        StoredTensor other =
                file.tensors().get(candidate.input(candidate.input(0).equals(value) ? 1 : 0));
        Float factorFound = other == null ? null : StoredNumbers.readReal(file.path(), other);
        return factorFound != null && factorFound == factor
                ? null
                : candidate + " multiplies by " + (factorFound == null ? "no constant" : factorFound) + " instead of "
                        + factor;
    }

    /** Matches a subsampling of every second pixel; files may slice rows and columns one after the other. */
    private void slice(NodeProto node) throws GraphMismatchException, IOException {
        List<Long> wanted = WholeNumbers.of(node, 4, found.constants());
        var taken = new ArrayList<>(List.of(1L, 1L));
        StoredNode step = found.find(node, this::sliceDifference);
        take(step, taken);
        while (!taken.equals(wanted)) {
            List<StoredNode> next = file.consumers(step.output());
            if (next.size() != 1 || !next.getFirst().operator().equals("Slice") || !found.use(step)) {
                throw found.mismatch(
                        node, step.position(), step + " takes every " + taken + "-th pixel instead of " + wanted);
            }
            step = next.getFirst();
            String difference = sliceDifference(step);
            if (difference != null) {
                throw found.mismatch(node, step.position(), difference);
            }
            take(step, taken);
        }
        found.found(node, step);
    }

    private @Nullable String sliceDifference(StoredNode step) throws IOException {
        List<Long> starts = found.numbers(step.input(1));
        List<Long> ends = found.numbers(step.input(2));
        List<Long> axes = found.numbers(step.input(3));
        List<Long> strides = found.numbers(step.input(4));
        if (starts == null || ends == null || axes == null || axes.size() != starts.size()) {
            return step + " has no constant bounds";
        }
        boolean whole = starts.stream().allMatch(start -> start == 0)
                && ends.stream().allMatch(end -> end >= FAR)
                && (strides == null || strides.size() == axes.size());
        return whole ? null : step + " takes only a part";
    }

    private void take(StoredNode step, List<Long> taken) throws IOException {
        List<Long> axes = found.numbers(step.input(3));
        List<Long> strides = found.numbers(step.input(4));
        for (int i = 0; axes != null && strides != null && i < axes.size(); i++) {
            long axis = (axes.get(i) < 0 ? axes.get(i) + 4 : axes.get(i)) - 2;
            if (axis == 0 || axis == 1) {
                taken.set((int) axis, taken.get((int) axis) * strides.get(i));
            }
        }
    }

    private void pad(NodeProto node) throws GraphMismatchException, IOException {
        List<Long> wanted = WholeNumbers.of(node, 1, found.constants());
        found.found(node, found.find(node, candidate -> {
            List<Long> pads = candidate.wholes().get("pads");
            if (pads == null) {
                pads = found.numbers(candidate.input(1));
            }
            if (pads == null) {
                return candidate + " has no constant amount of padding";
            }
            boolean zeros = candidate.texts().getOrDefault("mode", "constant").equals("constant");
            return zeros && wanted.equals(pads) ? null : candidate + " pads by " + pads + " instead of " + wanted;
        }));
    }
}
