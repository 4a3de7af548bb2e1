package org.resnet4j.training;

/**
 * Sums over batches, taken in their order.
 *
 * @param samples images so far
 * @param lossSum the sum of their losses
 * @param top1 how many had their label as the best class
 * @param top5 how many had it among the five best
 */
record Tally(long samples, double lossSum, long top1, long top5) {
    static final Tally EMPTY = new Tally(0, 0, 0, 0);

    Tally plus(BatchMetrics batch) {
        return new Tally(
                samples + batch.samples(), lossSum + batch.lossSum(), top1 + batch.top1(), top5 + batch.top5());
    }

    double loss() {
        return lossSum / samples;
    }

    double top1Share() {
        return (double) top1 / samples;
    }

    ValidationMetrics validation() {
        return new ValidationMetrics(loss(), top1Share(), (double) top5 / samples, samples);
    }
}
