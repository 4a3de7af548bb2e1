package org.resnet4j.onnx.read;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.onnx.proto.NodeProto;
import org.resnet4j.tensor.Shape;

/**
 * Finds the end of a network in a file's graph: global pooling, the linear layer, and the steps allowed between and
 * after them. Exporters write a mean over rows and columns for the pooling, and a matrix product and an addition, or a
 * 1x1 convolution, for the linear layer.
 */
final class HeadMatch {
    private static final Set<String> RESHAPING = Set.of("Flatten", "Reshape", "Squeeze");
    private static final Set<String> BEHIND_SCORES = Set.of("Flatten", "Reshape", "Squeeze", "Softmax");

    private final Correspondence found;
    private final StoredGraph file;
    private final Shape features;

    /**
     * @param features the input of the pooling, {@code [1, H, W, C]}, for images of the size in the file
     */
    HeadMatch(Correspondence found, Shape features) {
        this.found = found;
        this.file = found.file();
        this.features = features;
    }

    /**
     * Matches the last steps of a network. A file that ends with the features, or with the feature map before pooling,
     * has no classifier, and nothing is bound.
     *
     * @param nodes pooling, flattening and the linear layer
     */
    void match(List<NodeProto> nodes) throws GraphMismatchException, IOException {
        NodeProto pooling = nodes.getFirst();
        NodeProto linear = nodes.getLast();
        if (isLast(found.value(pooling, 0))) {
            return;
        }
        StoredNode pooled = found.find(pooling, this::poolingDifference);
        if (endsWithFeatures(pooled)) {
            return;
        }
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
                    throw found.mismatch(linear, product.position(), product + " has factors or a transposed input");
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
            case "Conv" -> {
                String difference = StepComparison.windowDifference(linear, product, List.of(1L, 1L));
                if (difference != null) {
                    throw found.mismatch(linear, product.position(), difference);
                }
            }
            default -> throw found.mismatch(linear, product.position(), "there is " + product + " in its place");
        }
        found.found(pooling, pooled);
        found.stands(Correspondence.output(nodes.get(1)), product.input(0));
        found.stands(Correspondence.output(linear), last.output());
        classifier(linear, product, weight, bias, transposed);
        ends(linear, last);
    }

    /** Returns true if a value is an output of the graph, and nothing else is computed of it. */
    private boolean isLast(String value) {
        return file.outputs().contains(value) && file.consumers(value).isEmpty();
    }

    /** Returns true if the pooled features, possibly of another shape, are the output of the graph. */
    private boolean endsWithFeatures(StoredNode pooled) {
        StoredNode step = pooled;
        for (int i = 0; i <= RESHAPING.size() && !isLast(step.output()); i++) {
            List<StoredNode> next = file.consumers(step.output());
            if (next.size() != 1 || !RESHAPING.contains(next.getFirst().operator())) {
                return false;
            }
            step = next.getFirst();
        }
        return isLast(step.output());
    }

    /** Accepts a mean over rows and columns, or over a window of the whole image. */
    private @Nullable String poolingDifference(StoredNode candidate) throws IOException {
        if (!candidate.operator().equals("AveragePool")) {
            return found.isPooling(candidate, false) ? null : candidate + " is not a mean over rows and columns";
        }
        List<Long> everything = List.of((long) features.extent(1), (long) features.extent(2));
        boolean pads =
                candidate.wholes().getOrDefault("pads", List.of()).stream().anyMatch(pad -> pad != 0);
        return !pads && everything.equals(candidate.wholes().get("kernel_shape"))
                ? null
                : candidate + " takes windows of " + candidate.wholes().get("kernel_shape") + " of " + everything;
    }

    /** Returns the next step, skipping steps that only change the shape. */
    private StoredNode next(NodeProto node, StoredNode first, Set<String> passed) throws GraphMismatchException {
        StoredNode step = first;
        for (int i = 0; i <= passed.size(); i++) {
            List<StoredNode> next = file.consumers(step.output());
            if (next.size() != 1) {
                throw found.mismatch(node, step.position(), step + " is followed by " + next.size() + " steps");
            }
            step = next.getFirst();
            if (!passed.contains(step.operator())) {
                return step;
            }
        }
        throw found.mismatch(node, step.position(), "too many changes of the shape");
    }

    private void classifier(NodeProto linear, StoredNode product, String weight, String bias, boolean transposed)
            throws GraphMismatchException {
        StoredTensor matrix = file.tensors().get(weight);
        long features = found.extents(linear.inputs().get(1)).get(1);
        int rank = matrix == null ? 0 : matrix.extents().size();
        if (matrix == null || rank < 2 || matrix.extents().get(transposed ? 0 : 1) != features) {
            throw found.mismatch(
                    linear,
                    product.position(),
                    product + " has weights of " + (matrix == null ? "no constant" : matrix.extents()) + " for "
                            + features + " features");
        }
        boolean pixelwise = rank == 4 && matrix.count() == matrix.extents().getFirst() * features;
        long classes = matrix.extents().get(transposed ? 1 : 0);
        if ((rank != 2 && !pixelwise) || classes < 1) {
            throw found.mismatch(linear, product.position(), product + " has weights of " + matrix.extents());
        }
        Shape shape = Shape.of((int) classes, (int) features);
        found.bind(linear.inputs().get(1), new Binding.Stored(shape, matrix, transposed, 0));
        Shape biasShape = Shape.of((int) classes);
        StoredTensor offsets = file.tensors().get(bias);
        if (bias.isEmpty()) {
            found.bind(linear.inputs().get(2), new Binding.Uniform(biasShape, 0));
        } else if (offsets != null && offsets.extents().equals(List.of(classes))) {
            found.bind(linear.inputs().get(2), new Binding.Stored(biasShape, offsets, false, 0));
        } else {
            throw found.mismatch(linear, product.position(), "its bias '" + bias + "' is not a constant of " + classes);
        }
    }

    /** Checks that the logits, or their softmax, are the output of the graph. */
    private void ends(NodeProto linear, StoredNode last) throws GraphMismatchException {
        StoredNode step = last;
        for (int i = 0; i <= BEHIND_SCORES.size(); i++) {
            if (file.outputs().contains(step.output())) {
                return;
            }
            step = next(linear, step, Set.of());
            if (!BEHIND_SCORES.contains(step.operator())) {
                throw found.mismatch(linear, step.position(), "it is followed by " + step);
            }
        }
        throw found.mismatch(linear, step.position(), "too many steps follow");
    }
}
