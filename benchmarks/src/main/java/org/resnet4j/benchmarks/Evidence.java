package org.resnet4j.benchmarks;

import java.util.Locale;

/** The evidence that a peer did the work it was timed for. */
sealed interface Evidence {
    /** Returns the evidence for the table. */
    String text();

    /** Returns the evidence as CSV, in the columns that {@link Task#evidenceColumns} names. */
    String csv();

    /**
     * Evidence of training: the loss falls.
     *
     * @param firstLoss the loss before the first step
     * @param lastLoss the loss before the last step
     */
    record Learning(double firstLoss, double lastLoss) implements Evidence {
        @Override
        public String text() {
            return String.format(Locale.ROOT, "%.3f>%.3f", firstLoss, lastLoss);
        }

        @Override
        public String csv() {
            return String.format(Locale.ROOT, "%.6f,%.6f", firstLoss, lastLoss);
        }
    }

    /**
     * Evidence of prediction: the logits are correct.
     *
     * @param difference the largest difference from the logits of the network computed layer by layer, divided by the
     *     largest logit
     */
    record Agreement(double difference) implements Evidence {
        /**
         * Compares two results.
         *
         * @param tolerance the largest difference, as a share of the largest logit
         * @throws BenchmarkFailedException naming the peer, if they differ
         */
        static Agreement check(String peer, float[] expected, float[] actual, double tolerance) {
            if (expected.length != actual.length) {
                throw new BenchmarkFailedException(
                        peer + " gives " + actual.length + " logits instead of " + expected.length);
            }
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < expected.length; i++) {
                if (!Float.isFinite(expected[i]) || !Float.isFinite(actual[i])) {
                    throw new BenchmarkFailedException(
                            "logit " + i + " of " + peer + " is " + actual[i] + ", expected " + expected[i]);
                }
                largest = Math.max(largest, Math.abs(expected[i]));
                difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
            }
            double share = difference / largest;
            // negated: if all logits are zero, the share is NaN
            if (!(share <= tolerance)) {
                throw new BenchmarkFailedException(String.format(
                        Locale.ROOT,
                        "%s computes other logits: they differ by %.2e of the largest, %.0e is allowed",
                        peer,
                        share,
                        tolerance));
            }
            return new Agreement(share);
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "%.1e", difference);
        }

        @Override
        public String csv() {
            return String.format(Locale.ROOT, "%.3e", difference);
        }
    }
}
