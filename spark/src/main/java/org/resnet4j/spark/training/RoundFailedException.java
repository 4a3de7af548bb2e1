package org.resnet4j.spark.training;

import java.io.IOException;

/** A round that a rank could not finish. */
final class RoundFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean isLoss;

    /**
     * @param isLoss true if a rank was lost or not reached, so that the round may succeed when it is repeated
     */
    RoundFailedException(String message, boolean isLoss, Throwable cause) {
        super(message, cause);
        this.isLoss = isLoss;
    }

    RoundFailedException(String message, boolean isLoss) {
        super(message);
        this.isLoss = isLoss;
    }

    boolean isLoss() {
        return isLoss;
    }
}
