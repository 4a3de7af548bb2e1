package org.resnet4j.benchmarks;

import java.util.List;

/** A measured task. */
enum Task {
    /** The logits of a batch. */
    PREDICTION("call", 1, 20, 3_000, List.of("resnet18", "resnet50"), List.of(1, 16), "difference", "difference"),

    /**
     * A whole training step. The forward pass and the gradients with respect to data and weights take the same number
     * of operations.
     */
    TRAINING(
            "step",
            3,
            12,
            5_000,
            List.of("resnet20", "resnet56", "resnet18", "resnet50"),
            List.of(),
            "loss",
            "first_loss,last_loss");

    private final String unit;
    private final int passes;
    private final int warmUpCalls;
    private final double warmUpMilliseconds;

    @SuppressWarnings("ImmutableEnumChecker") // created by List.of
    private final List<String> models;

    @SuppressWarnings("ImmutableEnumChecker") // created by List.of
    private final List<Integer> batches;

    private final String evidence;
    private final String evidenceColumns;

    Task(
            String unit,
            int passes,
            int warmUpCalls,
            double warmUpMilliseconds,
            List<String> models,
            List<Integer> batches,
            String evidence,
            String evidenceColumns) {
        this.unit = unit;
        this.passes = passes;
        this.warmUpCalls = warmUpCalls;
        this.warmUpMilliseconds = warmUpMilliseconds;
        this.models = models;
        this.batches = batches;
        this.evidence = evidence;
        this.evidenceColumns = evidenceColumns;
    }

    /** Returns the name of a call. */
    String unit() {
        return unit;
    }

    /** Returns the number of calls that the just-in-time compiler needs to finish a network. */
    int warmUpCalls() {
        return warmUpCalls;
    }

    /** Returns the minimum time of the warm-up. */
    double warmUpMilliseconds() {
        return warmUpMilliseconds;
    }

    /** Returns the default models. */
    List<String> models() {
        return models;
    }

    /** Returns the default batches of each model; empty for the usual batch of the model. */
    List<Integer> batches() {
        return batches;
    }

    /** Returns the title of the column with the {@link Evidence}. */
    String evidence() {
        return evidence;
    }

    /** Returns the CSV columns of the evidence. */
    String evidenceColumns() {
        return evidenceColumns;
    }

    /** Returns the floating-point operations of a call by definition, two per multiply-add. */
    double flops(Workload workload) {
        return 2.0 * passes * workload.forwardMultiplyAdds();
    }
}
