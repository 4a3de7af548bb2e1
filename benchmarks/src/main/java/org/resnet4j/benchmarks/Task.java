package org.resnet4j.benchmarks;

import java.util.List;

/** What can be measured. */
enum Task {
    /** The logits of a batch. */
    PREDICTION("call", 1, 20, 3_000, List.of("resnet18", "resnet50"), List.of(1, 16), "difference", "difference"),

    /** A whole training step; forward and the gradients to the data and to the weights are as much work each. */
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

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> models;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
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

    /** What a call is called. */
    String unit() {
        return unit;
    }

    /** The just-in-time compiler needs so many calls to be done with a network. */
    int warmUpCalls() {
        return warmUpCalls;
    }

    /** The warm-up is at least so long. */
    double warmUpMilliseconds() {
        return warmUpMilliseconds;
    }

    /** What is measured unless the command line says otherwise. */
    List<String> models() {
        return models;
    }

    /** The batches of each model unless the command line says otherwise; empty for the model's usual one. */
    List<Integer> batches() {
        return batches;
    }

    /** The title of the column with the {@link Evidence}. */
    String evidence() {
        return evidence;
    }

    /** The evidence's columns in a spreadsheet. */
    String evidenceColumns() {
        return evidenceColumns;
    }

    /** Floating-point operations of a call by the definition, two a multiply-add. */
    double flops(Workload workload) {
        return 2.0 * passes * workload.forwardMultiplyAdds();
    }
}
