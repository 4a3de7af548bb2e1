package org.resnet4j.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.resnet4j.graph.Block;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Weighing;
import org.resnet4j.tensor.Tensor.Format;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;

/**
 * The memory of a training run, counted from its network without running it.
 *
 * <p>Between the forward and the backward pass, a step keeps the result of each convolution, pooling and residual sum.
 * The result of a normalization that only a convolution or a pooling reads is computed again; a sum and the
 * normalization and ReLU around it share one feature map. The backward pass takes the memory of the activations that it
 * has used up, but its first gradients of the largest size need some of their own.
 *
 * @param fixed the bytes of weights, gradients, the state of the optimizer, and everything else that does not depend on
 *     the batch size
 * @param perImage the bytes for each image of a batch that is computed at a time
 * @param perLoadedImage the bytes for each image of a batch in the batches being prepared
 */
public record RunMemory(long fixed, long perImage, long perLoadedImage) {
    /** The number of gradients of the size of the largest feature map that find no memory of activations to use. */
    private static final int GRADIENTS = 3;

    /** The bytes of classes, pictures being decoded, and scratch memory of the kernels. */
    private static final long BASE = 24L << 20;

    /**
     * Counts the memory of a run.
     *
     * @param graph the network for one image
     * @param preparedBatches the number of batches that are prepared at a time
     */
    public static RunMemory of(Graph graph, SessionSettings settings, int preparedBatches) {
        long parameters = graph.nodes().stream()
                .flatMap(node -> node.operation().parameters().stream())
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
        int copies = 2
                + (settings.optimizer() instanceof Optimizer.AdamW ? 2 : 1)
                + (settings.averageDecay() > 0 ? 1 : 0)
                + 1; // of the file to which the weights are saved
        var maps = new Maps(graph);
        long elements = settings.activations().recompute() ? maps.inputsOfBlocks() : maps.all();
        long bytes = settings.format() == Format.BFLOAT16 && !maps.areConverted() ? Float.BYTES / 2 : Float.BYTES;
        return new RunMemory(
                BASE + parameters * copies * Float.BYTES,
                (elements + GRADIENTS * maps.largest()) * bytes,
                (long) preparedBatches * graph.images().size() * Float.BYTES);
    }

    /**
     * Returns the bytes for batches of a size.
     *
     * @param shards the number of shards of a batch
     * @param lanes the number of shards that are computed at a time, each with gradients of its own
     */
    public long bytes(int batchSize, int shards, int lanes) {
        return fixed + perLoadedImage * batchSize + perImage * (batchSize / shards) * lanes;
    }

    /** Returns the largest batch whose run fits a heap; 0 if none does. */
    public int largestBatch(long heap, int shards, int lanes) {
        long free = heap - fixed;
        double each = perLoadedImage + (double) perImage * lanes / shards;
        int fits = Math.clamp((long) (free / each), 0, Integer.MAX_VALUE);
        return fits - fits % shards;
    }

    /** The feature maps of a step for one image. */
    private static final class Maps {
        private final Graph graph;
        private final Map<Integer, Node> producers = new HashMap<>();
        /** The ids of values with several readers. */
        private final Set<Integer> shared = new HashSet<>();

        private final Map<Integer, Node> readers = new HashMap<>();

        Maps(Graph graph) {
            this.graph = graph;
            for (Node node : graph.nodes()) {
                producers.put(node.id(), node);
                for (int input : node.inputs()) {
                    if (readers.put(input, node) != null) {
                        shared.add(input);
                    }
                }
            }
        }

        long all() {
            return kept(graph.nodes());
        }

        /** Counts the maps if those inside blocks are computed again, one block at a time. */
        long inputsOfBlocks() {
            long inside = 0;
            long largest = 0;
            long outputs = 0;
            for (Block block : graph.blocks()) {
                long own = kept(graph.nodes(block));
                inside += own;
                largest = Math.max(largest, own);
                outputs += graph.shape(block.output()).size();
            }
            return all() - inside + outputs + largest;
        }

        /**
         * Returns true if some of the maps of a step in bfloat16 are converted to float32. The buffers for that are later
         * lent to maps in bfloat16 as well.
         */
        boolean areConverted() {
            return graph.nodes().stream()
                    .anyMatch(node -> node.operation() instanceof Operation.SqueezeExcitation
                            || node.operation() instanceof Operation.Sum sum
                                    && sum.weighing() instanceof Weighing.Gate);
        }

        long largest() {
            return graph.nodes().stream()
                    .mapToLong(node -> node.shape().size())
                    .max()
                    .orElse(0);
        }

        private long kept(List<Node> nodes) {
            return nodes.stream()
                    .mapToLong(node -> (long) maps(node) * node.shape().size())
                    .sum();
        }

        /** Returns the number of maps that a step keeps for a node. */
        private int maps(Node node) {
            return switch (node.operation()) {
                case Operation.BatchNormalization _ -> isComputedAgain(node) ? 0 : 1;
                case Operation.Relu _ -> isPartOfLayer(node) ? 0 : 1;
                case Operation.Sum sum -> sum.weighing() instanceof Weighing.None ? 0 : 2;
                default -> 1;
            };
        }

        /** A ReLU after a normalization, a bias or a sum writes the map of that layer. */
        private boolean isPartOfLayer(Node relu) {
            Node before = producers.get(relu.input());
            return before != null
                    && (before.operation() instanceof Operation.Affine || before.operation() instanceof Operation.Sum)
                    && before.origin().layer().equals(relu.origin().layer());
        }

        private boolean isComputedAgain(Node norm) {
            Node reader = readers.get(norm.id());
            int result = norm.id();
            if (reader != null && reader.operation() instanceof Operation.Relu) {
                result = reader.id();
                reader = readers.get(result);
            }
            return reader != null
                    && !shared.contains(norm.id())
                    && !shared.contains(result)
                    && reader.origin().block().equals(norm.origin().block())
                    && (reader.operation() instanceof Operation.Convolution
                            || reader.operation() instanceof Operation.MaxPool);
        }
    }
}
