package org.resnet4j.resnet.state;

import java.util.Set;
import org.resnet4j.tensor.Shape;

/**
 * The names of tensors in a file that do not affect the network's logits. Any other unused tensor may mean that the
 * file belongs to another network.
 */
final class HarmlessNames {
    /**
     * PyTorch's counters of batches beside running statistics. They are not used in the arithmetic if momentum is a
     * number.
     */
    private static final String COUNTER = "num_batches_tracked";

    /** Counts of a profiler (thop), states of optimizers, and the number of averaged weights (PyTorch). */
    private static final Set<String> LAST = Set.of(
            "total_ops", "total_params", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer", "n_averaged");

    private static final Set<String> OPTIMIZERS = Set.of("optimizer", "optim");

    /** Losses with weights, and queues of self-supervised training. */
    private static final Set<String> LOSSES = Set.of("criterion", "loss", "loss_fn", "queue", "queue_ptr");

    /** Heads of self-supervised training that read the features, so that the logits do not depend on them. */
    private static final Set<String> PROJECTIONS = Set.of("projection_head", "proj_head", "projector");

    /** Heads of self-supervised training that may compute the logits. */
    private static final Set<String> HEADS = Set.of("prototypes", "predictor");

    private HarmlessNames() {}

    /** Returns true if a tensor is a counter of batches, which every PyTorch file contains. */
    static boolean isCounter(String name) {
        return name.equals(COUNTER) || name.endsWith("." + COUNTER);
    }

    /**
     * Returns true if a tensor is known to be harmless. A layer that reads the output of the classifier is not: that
     * output is then an embedding, not logits.
     *
     * @param name the name without the network's prefix
     * @param features the number of features, which are the input of the classifier
     * @param classes the number of outputs of the classifier
     */
    static boolean contains(String name, Shape shape, int features, int classes) {
        String first = first(name);
        return OPTIMIZERS.contains(first)
                || LAST.contains(name.substring(name.lastIndexOf('.') + 1))
                || (PROJECTIONS.contains(first) && !isBehind(shape, features, classes))
                || (LOSSES.contains(first) && !isCompared(shape, features, classes));
    }

    /** Returns true if a shape is that of a layer after the classifier. */
    private static boolean isBehind(Shape shape, int features, int classes) {
        return shape.rank() == 2 && shape.extent(1) == classes && classes != features;
    }

    /**
     * Returns true if a shape is that of vectors with which embeddings are compared, in rows or columns. Rows of as
     * many values as there are features are the centers of classes; a square matrix is a cost matrix.
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
     * @param name the name without the network's prefix
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
