package org.resnet4j.resnet;

import java.util.Set;

/**
 * Tensors that files have beside a network's and that do not change its scores. All others that a network has no use for
 * may mean that it is another network.
 */
final class HarmlessNames {
    /** PyTorch's counters beside running statistics: no part of the arithmetic where momentum is a number. */
    private static final String COUNTER = "num_batches_tracked";

    /** Counts of a profiler (thop); states of optimizers. */
    private static final Set<String> LAST =
            Set.of("total_ops", "total_params", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer");

    /** Optimizers; losses with weights of their own; heads and queues of self-supervised training. */
    private static final Set<String> FIRST = Set.of(
            "optimizer",
            "optim",
            "criterion",
            "loss",
            "loss_fn",
            "projection_head",
            "proj_head",
            "projector",
            "queue",
            "queue_ptr");

    private HarmlessNames() {}

    /** Returns whether a tensor is a counter of batches, which every file of PyTorch's has. */
    static boolean isCounter(String name) {
        return name.equals(COUNTER) || name.endsWith("." + COUNTER);
    }

    /**
     * Returns whether a tensor is known not to matter.
     *
     * @param name without the network's prefix
     */
    static boolean contains(String name) {
        int dot = name.indexOf('.');
        String first = dot < 0 ? name : name.substring(0, dot);
        return FIRST.contains(first) || LAST.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
