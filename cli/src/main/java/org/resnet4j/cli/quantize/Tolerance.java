package org.resnet4j.cli.quantize;

import java.math.BigDecimal;
import org.resnet4j.evaluation.Tally;

/**
 * The largest acceptable loss of accuracy.
 *
 * @param points the loss in percentage points of top-1
 */
record Tolerance(BigDecimal points) {
    private static final int PERCENT = 100;

    /** Returns true if a quantized network loses at most this much, without a rounding error. */
    boolean accepts(Tally original, Tally quantized) {
        BigDecimal lost = BigDecimal.valueOf(PERCENT * (original.top1() - quantized.top1()));
        return lost.compareTo(points.multiply(BigDecimal.valueOf(original.samples()))) <= 0;
    }
}
