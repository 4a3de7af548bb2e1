package org.resnet4j.training.shard;

import java.util.List;
import org.resnet4j.tensor.Tensor;

/**
 * The sum of the results of the shards of a node.
 *
 * @param span the node of the tree
 * @param tensors the sums of the gradients and running statistics, with the same shapes for every node
 * @param totals the sums of counts and losses; has the same length for every node
 */
public record ShardSum(Span span, List<Tensor> tensors, double[] totals) {
    public ShardSum {
        tensors = List.copyOf(tensors);
    }
}
