package org.resnet4j.benchmarks;

import java.util.Locale;

/** What shows that a peer did the work it was timed for. */
sealed interface Evidence {
    /** For the table. */
    String text();

    /** For a spreadsheet, in the columns that {@link Task#evidenceColumns} names. */
    String csv();

    /**
     * A training step learns.
     *
     * @param firstLoss before the first step
     * @param lastLoss before the last step
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
     * A prediction is right.
     *
     * @param difference from the logits of the network computed layer by layer: the largest, as a share of the largest
     *     logit
     */
    record Agreement(double difference) implements Evidence {
        /** Room for engines that add in another order or transform; an error in the arithmetic is far above. */
        static final double TOLERANCE = 1e-3;

        /**
         * Compares two results.
         *
         * @throws BenchmarkFailedException naming the peer, if they do not agree
         */
        static Agreement check(String peer, float[] expected, float[] actual) {
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
            // not "above": without any logit but zero the share is not a number
            if (!(share <= TOLERANCE)) {
                throw new BenchmarkFailedException(String.format(
                        Locale.ROOT,
                        "%s computes something else: its logits differ by %.2e of the largest, %.0e is allowed",
                        peer,
                        share,
                        TOLERANCE));
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
