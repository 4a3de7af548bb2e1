package org.resnet4j.resnet;

import java.util.Set;
import org.resnet4j.tensor.Shape;

/**
 * Tensors that files have beside a network's and that do not change its scores. All others that a network has no use for
 * may mean that it is another network.
 */
final class HarmlessNames {
    /** PyTorch's counters beside running statistics: no part of the arithmetic where momentum is a number. */
    private static final String COUNTER = "num_batches_tracked";

    /** Counts of a profiler (thop); states of optimizers; of how many weights these are the average (PyTorch). */
    private static final Set<String> LAST = Set.of(
            "total_ops", "total_params", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer", "n_averaged");

    /** Optimizers; losses with weights of their own; queues of self-supervised training. */
    private static final Set<String> FIRST =
            Set.of("optimizer", "optim", "criterion", "loss", "loss_fn", "queue", "queue_ptr");

    /** Heads of self-supervised training: of the features, so that the scores do without them. */
    private static final Set<String> PROJECTIONS = Set.of("projection_head", "proj_head", "projector");

    /** More of their heads, which may as well give the scores. */
    private static final Set<String> HEADS = Set.of("prototypes", "predictor");

    private HarmlessNames() {}

    /** Returns whether a tensor is a counter of batches, which every file of PyTorch's has. */
    static boolean isCounter(String name) {
        return name.equals(COUNTER) || name.endsWith("." + COUNTER);
    }

    /**
     * Returns whether a tensor is known not to matter. A projection of as many values as there are classes follows the
     * classifier, which then gives no scores.
     *
     * @param name without the network's prefix
     * @param features before the classifier
     * @param classes behind it
     */
    static boolean contains(String name, Shape shape, int features, int classes) {
        String first = first(name);
        boolean follows = shape.rank() == 2 && shape.extent(1) == classes && classes != features;
        return FIRST.contains(first)
                || LAST.contains(name.substring(name.lastIndexOf('.') + 1))
                || (PROJECTIONS.contains(first) && !follows);
    }

    /**
     * Returns whether a tensor belongs to a head of self-supervised training, without which the rest of the network is whole.
     *
     * @param name without the network's prefix
     */
    static boolean isHead(String name) {
        return PROJECTIONS.contains(first(name)) || HEADS.contains(first(name));
    }

    private static String first(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
