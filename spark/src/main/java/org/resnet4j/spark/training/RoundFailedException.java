package org.resnet4j.spark.training;

import java.io.IOException;
import org.apache.spark.SparkException;

/** A round that a rank could not finish. */
final class RoundFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The number by which Spark's message refers to the rule that all tasks of a barrier stage run at the same time. */
    private static final String TOO_FEW_SLOTS = "SPARK-24819";

    private final boolean isLoss;

    RoundFailedException(String message, boolean isLoss, Throwable cause) {
        super(message, cause);
        this.isLoss = isLoss;
    }

    /** Returns the failure that a rank reports. */
    static RoundFailedException of(RankResult.Failed failed) {
        return new RoundFailedException(failed.message(), !failed.isCause(), failed.failure());
    }

    /** Returns the failure of a job of Spark. */
    static RoundFailedException of(Exception failure, int ranks) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains(TOO_FEW_SLOTS)) {
            return new RoundFailedException(
                    ranks + " ranks compute at the same time, but the executors have too few cores for as many tasks;"
                            + " use fewer ranks or more executors",
                    false,
                    failure);
        }
        String first = message.lines().findFirst().orElse("");
        return failure instanceof SparkException
                ? new RoundFailedException("an executor was lost, or a task failed: " + first, true, failure)
                : new RoundFailedException(first, false, failure);
    }

    /** Returns true if a rank was lost or not reached, so that the round may succeed when it is repeated. */
    boolean isLoss() {
        return isLoss;
    }
}
