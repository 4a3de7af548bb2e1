package org.resnet4j.resnet.state;

import java.util.Set;
import org.resnet4j.tensor.Shape;

/**
 * Names of tensors in a file that do not change the network's scores. Any other unused tensor may mean that the file belongs to
 * another network.
 */
final class HarmlessNames {
    /** PyTorch's counters beside running statistics: no part of the arithmetic where momentum is a number. */
    private static final String COUNTER = "num_batches_tracked";

    /** Counts of a profiler (thop), states of optimizers, the number of averaged weights (PyTorch). */
    private static final Set<String> LAST = Set.of(
            "total_ops", "total_params", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer", "n_averaged");

    private static final Set<String> OPTIMIZERS = Set.of("optimizer", "optim");

    /** Losses with weights of their own; queues of self-supervised training. */
    private static final Set<String> LOSSES = Set.of("criterion", "loss", "loss_fn", "queue", "queue_ptr");

    /** Heads of self-supervised training: of the features, so that the scores do without them. */
    private static final Set<String> PROJECTIONS = Set.of("projection_head", "proj_head", "projector");

    /** More of their heads, which may as well give the scores. */
    private static final Set<String> HEADS = Set.of("prototypes", "predictor");

    private HarmlessNames() {}

    /** Returns true if a tensor is a counter of batches, which every PyTorch file has. */
    static boolean isCounter(String name) {
        return name.equals(COUNTER) || name.endsWith("." + COUNTER);
    }

    /**
     * Returns true if a tensor is known not to matter. A layer that takes the output of the classifier matters: then that output
     * is an embedding, not scores.
     *
     * @param name without the network's prefix
     * @param features before the classifier
     * @param classes behind it
     */
    static boolean contains(String name, Shape shape, int features, int classes) {
        String first = first(name);
        return OPTIMIZERS.contains(first)
                || LAST.contains(name.substring(name.lastIndexOf('.') + 1))
                || (PROJECTIONS.contains(first) && !isBehind(shape, features, classes))
                || (LOSSES.contains(first) && !isCompared(shape, features, classes));
    }

    /** A layer that follows the classifier. */
    private static boolean isBehind(Shape shape, int features, int classes) {
        return shape.rank() == 2 && shape.extent(1) == classes && classes != features;
    }

    /**
     * Vectors that embeddings are compared with, in rows or columns. Rows of as many values as there are features are the
     * centers of classes; a square is a matrix of costs.
     */
    private static boolean isCompared(Shape shape, int features, int classes) {
        if (shape.rank() != 2 || classes == features || shape.extent(0) == shape.extent(1)) {
            return false;
        }
        return shape.extent(1) == classes || (shape.extent(0) == classes && shape.extent(1) != features);
    }

    /**
     * Returns true if a tensor belongs to a head or a loss, without which the network is complete.
     *
     * @param name without the network's prefix
     */
    static boolean isHead(String name) {
        String first = first(name);
        return PROJECTIONS.contains(first) || HEADS.contains(first) || LOSSES.contains(first);
    }

    private static String first(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
